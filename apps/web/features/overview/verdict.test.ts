import { expect, test } from "vitest";
import { verdict } from "./verdict.ts";

const totals = (completed: number, failed: number) => ({
  started: completed + failed,
  completed,
  failed,
  cancelled: 0,
  ...(completed + failed === 0 ? {} : { successRate: completed / (completed + failed) }),
});
const open = (stuck: number) => ({ running: 1, waiting: 2, stuck });

test.each([
  [totals(0, 0), open(0), "No run has ended in this time, and nothing waits for a person."],
  [
    totals(200, 0),
    open(0),
    "All 200 runs that ended in this time succeeded, and nothing waits for a person.",
  ],
  [
    totals(987, 13),
    open(1),
    "98.7 % of the 1,000 runs that ended in this time succeeded; 1 run is stuck and needs a person.",
  ],
  [
    totals(1, 1),
    open(7),
    "50.0 % of the 2 runs that ended in this time succeeded; 7 runs are stuck and need a person.",
  ],
])("%o with %o", (figures, runs, text) => expect(verdict({ totals: figures, open: runs }).text).toBe(text));

test("does not say that nobody is needed before it is known which older runs are open", () => {
  const earlier = { source: "Pulsar SQL", beginning: 0, openRunsKnown: false, orphanRuns: 0 };
  const freshness = { completeTo: 0, behind: 0, live: true, earlier };
  const open = { running: 1, waiting: 0, stuck: 0 };
  const totals = { started: 1, completed: 1, failed: 0, cancelled: 0, successRate: 1 };
  expect(verdict({ totals, open, freshness })).toEqual({
    text: "All 1 run that ended in this time succeeded. Whether an older run waits for a person is not known yet.",
    needsPerson: false,
  });
  const known = { ...freshness, earlier: { ...earlier, openRunsKnown: true } };
  expect(verdict({ totals, open, freshness: known }).text).toMatch(/nothing waits for a person\.$/);
});

test("does not say that all is well while commands are not decided", () => {
  const undecided = [{ partition: 3, kind: "stalled", waiting: 12, forMs: 40_000 } as const];
  const freshness = { completeTo: 0, behind: 0, live: true, undecided };
  expect(verdict({ totals: totals(1, 0), open: open(0), freshness })).toEqual({
    text: "All 1 run that ended in this time succeeded. Commands are not decided in one partition: runs there stand still.",
    needsPerson: true,
  });
});

test("does not say that all is well while nobody can tell whether commands are decided", () => {
  const undecided = [{ partition: 3, kind: "unknown", waiting: 0, forMs: 12_000, why: "503" } as const];
  const freshness = { completeTo: 0, behind: 0, live: true, undecided };
  expect(verdict({ totals: totals(1, 0), open: open(0), freshness })).toEqual({
    text: "All 1 run that ended in this time succeeded. Whether commands are decided can’t be told.",
    needsPerson: true,
  });
});

test("runs that wait for a worker that is not there are said, beside stuck ones and without any", () => {
  const wait = {
    fingerprint: "noWorker:job:bookHotel",
    kind: "noWorker",
    jobType: "bookHotel",
    errorName: "NoWorker",
    message: "No worker for bookHotel is connected.",
    count: 60,
    runs: 56,
    oldest: 0,
    firstSeen: 0,
    lastSeen: 0,
    standing: "open",
  } as const;
  expect(verdict({ totals: totals(1, 0), open: open(0), waits: [wait] })).toEqual({
    text: "All 1 run that ended in this time succeeded. 56 runs wait: No worker for bookHotel is connected.",
    needsPerson: true,
  });
  expect(verdict({ totals: totals(1, 1), open: open(1), waits: [wait, wait] }).text).toBe(
    "50.0 % of the 2 runs that ended in this time succeeded; 1 run is stuck and needs a person. 56 runs wait: No worker for bookHotel is connected. 1 more cause.",
  );
});

test("what nobody need be told of makes no alarm, and is said", () => {
  const stuck = (count: number, setAside: number) => ({ ...open(count), setAside });
  expect(verdict({ totals: totals(1, 0), open: stuck(3, 3) })).toEqual({
    text: "All 1 run that ended in this time succeeded, and nothing waits for a person: 3 stuck runs are set aside.",
    needsPerson: false,
  });
  // Counted at two moments, it is no fewer than none.
  expect(verdict({ totals: totals(1, 0), open: stuck(3, 5) })).toMatchObject({ needsPerson: false });
  expect(verdict({ totals: totals(1, 0), open: stuck(3, 1) })).toEqual({
    text: "All 1 run that ended in this time succeeded; 2 runs are stuck and need a person, 1 stuck run is set aside.",
    needsPerson: true,
  });
  const muted = {
    fingerprint: "noWorker:job:bookHotel",
    kind: "noWorker",
    errorName: "NoWorker",
    message: "No worker for bookHotel is connected.",
    count: 60,
    runs: 56,
    oldest: 0,
    firstSeen: 0,
    lastSeen: 0,
    standing: "muted",
  } as const;
  expect(verdict({ totals: totals(1, 0), open: open(0), waits: [muted] }).needsPerson).toBe(false);
});
