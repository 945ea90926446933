import type { JobRow, RunState, TimelineRow } from "@downbeat/api/views";
import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonDifferences } from "../../../lib/json-differences.ts";
import { stateText } from "./state-text.ts";

const job = (fields: Partial<JobRow>): JobRow => ({
  kind: "job",
  rowId: "j3",
  jobId: "j3",
  jobType: "bookHotel",
  status: "running",
  attempts: [{ attempt: 1, requestedAt: 0 }],
  input: '{"limit":3544790567247868102}',
  maxAttempts: 5,
  from: 0,
  firstSeq: 4,
  lastSeq: 5,
  ...fields,
});
const state = (row: TimelineRow): RunState => ({
  shown: "running",
  why: "Waiting 3 s for bookHotel.",
  labels: { order: "7" },
  rows: { [row.rowId]: row },
  open: 1,
  ended: 0,
  ledger: [{ compensationId: "c1", jobType: "refund", undoes: "j1", registeredAt: 1, status: "registered" }],
});

test("the difference of two states names steps, and leaves out what is the page's own", () => {
  const before = stateText(state(job({})));
  const after = stateText(
    state(job({ status: "completed", output: '{"room":1.10}', to: 1_500, lastSeq: 9 })),
  );
  expect(before).toContain("3544790567247868102");
  expect(jsonDifferences(before, after).found).toEqual([
    { path: 'steps["bookHotel (j3)"].status', before: '"running"', after: '"completed"' },
    { path: 'steps["bookHotel (j3)"].output', after: '{"room":1.10}' },
    { path: 'steps["bookHotel (j3)"].to', after: expect.stringMatching(/ 19(69|70), \d\d:\d\d:01\.500 /) },
  ]);
});

const day = 86_400_000;

test("a time that is put off is a difference, be it by whole days, and is said with its day", () => {
  const sleep = (dueAt: number): RunState =>
    state({
      kind: "timer",
      rowId: "t1",
      timerId: "t1",
      status: "waiting",
      dueAt,
      from: 0,
      firstSeq: 1,
      lastSeq: 1,
    });
  const time = fc.integer({ min: 0, max: 4_102_444_800_000 });
  const byMs = fc.oneof(fc.constantFrom(day, 7 * day, 365 * day), fc.integer({ min: 1, max: 400 * day }));
  fc.assert(
    fc.property(time, byMs, (dueAt, ms) => {
      const { found } = jsonDifferences(stateText(sleep(dueAt)), stateText(sleep(dueAt + ms)));
      expect(found.map(({ path }) => path)).toEqual(['steps["sleep (t1)"].dueAt']);
    }),
  );
  const { found } = jsonDifferences(stateText(sleep(10 * day)), stateText(sleep(17 * day)));
  expect(found[0]?.before).toMatch(/Jan 1\d, 1970/);
});

test("an error that becomes another one is a difference, in the job and in its attempts", () => {
  const failed = (name: string, kind: "technical" | "business"): RunState => {
    const failure = { kind, name, message: "no" };
    return state(job({ failure, attempts: [{ attempt: 1, requestedAt: 0, failure }] }));
  };
  const differences = jsonDifferences(
    stateText(failed("Timeout", "technical")),
    stateText(failed("Declined", "business")),
  );
  const step = 'steps["bookHotel (j3)"]';
  const of = (path: string) => [
    { path: `${path}.kind`, before: '"technical"', after: '"business"' },
    { path: `${path}.name`, before: '"Timeout"', after: '"Declined"' },
  ];
  expect(differences.found).toEqual(
    expect.arrayContaining([...of(`${step}.failure`), ...of(`${step}.attempts[0].failure`)]),
  );
  expect(differences.found).toHaveLength(4);
});

test("before the first event there is none", () => {
  expect(stateText(undefined)).toBeUndefined();
});
