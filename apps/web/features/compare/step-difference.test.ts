import type { JobRow } from "@downbeat/api/views";
import { expect, test } from "vitest";
import { differenceNames, differenceOf, isDifferent, stepName } from "./step-difference.ts";

const job = (fields: Partial<JobRow> = {}): JobRow => ({
  kind: "job",
  rowId: "j1",
  jobId: "j1",
  jobType: "bookHotel",
  status: "completed",
  attempts: [],
  input: '{"nights":3}',
  output: '{"room":"12"}',
  maxAttempts: 5,
  from: 0,
  to: 100,
  firstSeq: 1,
  lastSeq: 2,
  ...fields,
});

test("two steps that say and do the same are no difference, though one took a moment longer", () => {
  const difference = differenceOf({
    left: job(),
    right: job({ from: 50, to: 165, input: '{ "nights": 3 }' }),
  });
  expect(difference.tookMs).toBe(15);
  expect(isDifferent(difference)).toBe(false);
});

test("what differs is named", () => {
  const attempt = { attempt: 1, requestedAt: 0 };
  const right = job({ status: "stuck", attempts: [attempt], input: '{"nights":4}', to: 900 });
  const { output: _, ...failed } = right;
  const difference = differenceOf({ left: job(), right: failed });
  expect(differenceNames(difference)).toEqual(["status", "attempts", "input", "result"]);
  expect([difference.isSlower, difference.isFaster, difference.tookMs]).toEqual([true, false, 800]);
  expect(differenceOf({ left: failed, right: job() })).toMatchObject({ isFaster: true, tookMs: -800 });
});

test("a step that one run lacks is a difference", () => {
  expect(isDifferent(differenceOf({ left: job() }))).toBe(true);
  expect(differenceOf({ right: job() })).toEqual({
    status: false,
    attempts: false,
    input: false,
    result: false,
    isSlower: false,
    isFaster: false,
    isMissing: true,
  });
});

test("a step and its undoing are never taken for one another", () => {
  expect(stepName(job())).toBe("bookHotel");
  expect(stepName(job({ compensationId: "c1" }))).toBe("undo bookHotel");
});
