import { expect, test } from "vitest";
import { RunRefusedError } from "../src/client/errors.ts";
import { withOlderKeys } from "../src/client/with-older-keys.ts";

const refusal = (code: "RunIdTaken" | "InvalidInput" | "RunExists", message: string = code) =>
  new RunRefusedError(code, message, "r");

/** @param answers to the start with each key, the newest first; nothing where it is taken */
async function started(...answers: (Error | undefined)[]) {
  const tried: number[] = [];
  const outcome = await withOlderKeys(async (older) => {
    tried.push(older);
    const answer = answers[older];
    if (answer !== undefined) throw answer;
  }).then(
    () => "started",
    (error: unknown) => error,
  );
  return { outcome, tried };
}

test("a start that is taken is made once", async () => {
  expect(await started(undefined)).toEqual({ outcome: "started", tried: [0] });
});

test("one whose id is taken is made with the keys from before, until it is that start", async () => {
  const taken = refusal("RunIdTaken");
  expect(await started(taken, taken, undefined)).toEqual({ outcome: "started", tried: [0, 1, 2] });
});

test("where no key is left, the id is taken, in the words that the newest key got", async () => {
  const first = refusal("RunIdTaken", "first");
  const taken = refusal("RunIdTaken");
  expect(await started(first, taken, refusal("InvalidInput"))).toEqual({ outcome: first, tried: [0, 1, 2] });
  const always = await started(first, ...Array.from({ length: 20 }, () => taken));
  expect(always).toEqual({ outcome: first, tried: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10] });
});

test("another refusal, and what is no refusal, is told at once", async () => {
  for (const error of [refusal("RunExists"), refusal("InvalidInput"), new Error("away")]) {
    expect(await started(error)).toEqual({ outcome: error, tried: [0] });
    if (error.message !== "InvalidInput")
      expect(await started(refusal("RunIdTaken"), error)).toEqual({ outcome: error, tried: [0, 1] });
  }
});
