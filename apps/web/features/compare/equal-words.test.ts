import type { JobRow } from "@downbeat/api/views";
import { expect, test } from "vitest";
import { differWords, equalInputs, equalResults, notCompared } from "./equal-words.ts";

const row: JobRow = {
  kind: "job",
  rowId: "j1",
  jobId: "j1",
  jobType: "pay",
  status: "completed",
  attempts: [],
  input: '"Not shown to your role."',
  maxAttempts: 5,
  from: 0,
  firstSeq: 1,
  lastSeq: 2,
};
const done: JobRow = { ...row, output: '"Not shown to your role."' };
const failed: JobRow = { ...row, failure: { kind: "business", name: "Declined", message: "no" } };

test("what a role may not see is never called the same", () => {
  expect(equalInputs([row.input, row.input], true, "The same.")).toBe(notCompared);
  expect(equalResults([done, done], true, "The same.")).toBe(notCompared);
  expect(differWords({ total: "7 steps", different: undefined }, true)).toMatch(/so not compared$/);
  expect(differWords({ total: "7 steps", different: "2" }, true)).toMatch(/so not compared$/);
});

test("what everybody sees is compared for everybody, as is all for who may see it", () => {
  expect(equalInputs([undefined, undefined], true, "The same.")).toBe("The same.");
  expect(equalResults([failed, failed], true, "The same.")).toBe("The same.");
  expect(equalResults([row, row], true, "Neither has one yet.")).toBe("Neither has one yet.");
  expect(equalInputs([row.input, row.input], false, "The same.")).toBe("The same.");
  expect(equalResults([done, done], false, "The same.")).toBe("The same.");
  expect(differWords({ total: "7 steps", different: undefined }, false)).toBe("7 steps, no difference");
  expect(differWords({ total: "7 steps", different: "2" }, false)).toBe("2 of 7 steps differ");
});

test("two masked values are never called the same", () => {
  const masked = '{"email":"•••"}';
  expect(equalInputs([masked, masked], false, "The same input.")).toBe(
    "The same input, but for what is masked (•••).",
  );
  const job = { ...row, output: masked };
  expect(equalResults([job, job], false, "The same.")).toBe("The same, but for what is masked (•••).");
});
