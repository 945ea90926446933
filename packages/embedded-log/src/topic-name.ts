import { LogError } from "@downbeat/message-log";

const namePattern = /^[A-Za-z0-9._-]{1,250}$/;
const partitionSuffix = /^(.+)-partition-(0|[1-9]\d{0,5})$/;

export function checkName(
  what: "topic" | "tenant" | "namespace" | "subscription" | "producer",
  name: string,
): void {
  if (namePattern.test(name)) return;
  throw new LogError(
    "invalid",
    `${JSON.stringify(name)} is not a ${what} name: only letters, digits, "-", "_" and "." are allowed, at most 250.`,
  );
}

/** `inbox-partition-3` is partition 3 of `inbox`. */
export function partitionOf(topic: string): { readonly base: string; readonly index: number } | undefined {
  const match = partitionSuffix.exec(topic);
  const [, base, index] = match ?? [];
  return base === undefined || index === undefined ? undefined : { base, index: Number(index) };
}
