const partitionSuffix = /^(.+)-partition-(0|[1-9]\d{0,5})$/;

/** `inbox-partition-3` is partition 3 of `inbox`. */
export function partitionOf(topic: string): { readonly base: string; readonly index: number } | undefined {
  const match = partitionSuffix.exec(topic);
  const [, base, index] = match ?? [];
  return base === undefined || index === undefined ? undefined : { base, index: Number(index) };
}
