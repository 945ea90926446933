import { until } from "./until.ts";

/** Opens it as soon as the log lets us: a name or a subscription just given up may take a moment to be free. */
export async function eventually<T>(open: () => Promise<T>): Promise<T> {
  let opened: { readonly value: T } | undefined;
  await until("it opens", async () => {
    opened = await open().then(
      (value) => ({ value }),
      () => undefined,
    );
    return opened !== undefined;
  });
  if (opened === undefined) throw new Error("It did not open");
  return opened.value;
}
