import crypto from "node:crypto";
import { type CodeOfRun, codeAtWork } from "../../running-code.ts";
import { replace } from "./replace.ts";

/** Lets workflow code draw numbers and ids that are the same at every replay. */
export function giveChance(): void {
  replace(Math, "random", (random) => () => codeApart()?.random() ?? random());
  giveUuids(crypto);
  giveUuids(Object.getPrototypeOf(globalThis.crypto));
}

type Uuid = ReturnType<typeof crypto.randomUUID>;

function giveUuids(owner: { randomUUID: (options?: crypto.RandomUUIDOptions) => Uuid }): void {
  replace(
    owner,
    "randomUUID",
    (randomUuid) =>
      function (this: unknown, options) {
        return (codeApart()?.uuid() as Uuid | undefined) ?? randomUuid.call(this, options);
      },
  );
}

function codeApart(): CodeOfRun | undefined {
  const code = codeAtWork();
  return code?.isKeptApart === true ? code : undefined;
}
