import { type AnyRunCommand, emptyCursor, type RunDecision } from "@downbeat/domain";
import { type DecisionRecord, type DecisionService, readHistory } from "@downbeat/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Decider } from "../src/decider.ts";
import { noDelegation } from "../src/delegation.ts";
import type { Decided } from "../src/draft.ts";
import { Fold } from "../src/fold.ts";
import { MemoryStateStore } from "../src/index.ts";
import { recordText } from "../src/record-text.ts";
import { Slices } from "../src/slices.ts";
import { EngineClock } from "./engine-clock.ts";

/** What fits into a message of the log, base64 and its envelope included. */
const mostBytes = 700_000;

/** Decides one command while the decision service answers with whatever it is given, once. */
async function decide(
  command: AnyRunCommand,
  answer: () => readonly RunDecision[],
  refuseStart?: string,
): Promise<{ decided: Decided | undefined; decider: Decider }> {
  let asked = 0;
  const service: DecisionService = {
    checkStart: () =>
      refuseStart === undefined ? undefined : { code: "InvalidInput", message: refuseStart },
    openSession: () => ({
      ask: async () => (asked++ === 0 ? answer() : []),
      check: async () => undefined,
      forget: () => {},
      close: () => {},
    }),
  };
  const fold = new Fold(new MemoryStateStore());
  const decider = new Decider({
    fold,
    decisions: service,
    delegation: noDelegation,
    slices: new Slices(new EngineClock()),
    maxPartBytes: 200_000,
  });
  const care = { verdictOn: () => undefined, inCode: () => {} };
  const [decided] = await decider.decideAll([command], 1_700_000_000_000, care);
  return { decided, decider };
}

/** As every reader of history sees it. */
function readBack(decided: Decided | undefined) {
  if (decided === undefined) throw new Error("nothing was decided");
  const record: DecisionRecord = {
    kind: "decisions",
    id: "d1",
    prev: "c1",
    claimId: "c1",
    at: 1_700_000_000_000,
    dispatchedUpTo: 0,
    decisions: [decided.decision],
  };
  const payload = Buffer.from(recordText(record, [decided]));
  expect(payload.length).toBeLessThan(mostBytes);
  const cursor = { ...emptyCursor, epoch: 1, last: "c1", claim: "c1", count: 1 };
  const reading = readHistory(cursor, { payload, publishTime: record.at });
  if (reading.type !== "decisions") throw new Error("it does not count");
  const [part] = reading.record.decisions;
  expect(part?.flaw).toBeUndefined();
  // Not other than what was meant. JSON has no -0, which nobody can tell from 0.
  const meant = structuredClone(decided.decision);
  expect(part).toEqual(JSON.parse(JSON.stringify(meant)));
  return part;
}

const start: AnyRunCommand = { type: "StartRun", commandId: "c", runId: "r", workflow: "w", input: "1" };

const number = fc.oneof(
  fc.constantFrom(
    0,
    -0,
    -1,
    0.5,
    600_000 / 7,
    2 ** 31,
    2 ** 53 - 1,
    2 ** 53,
    1e300,
    NaN,
    Infinity,
    -Infinity,
  ),
  fc.double(),
  fc.integer(),
);
const text = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.constantFrom("", "漢".repeat(100_000), "\ud800", "__proto__", "\0", "x".repeat(300_000)),
);
const odd = fc.anything({ withBigInt: true, withNullPrototype: true, withDate: true, withSet: true });
const failure = fc.record({
  kind: fc.oneof(fc.constant("code"), text),
  name: text,
  message: text,
  stack: text,
});

const decision = fc.oneof(
  fc.record({ type: fc.constant("SetTimer"), timerId: fc.constantFrom("t1", "t2"), dueAt: number }),
  fc.record({ type: fc.constant("AwaitSignal"), waitId: fc.constant("w1"), name: text, timeoutMs: number }),
  fc.record({
    type: fc.constant("ScheduleJob"),
    jobId: fc.constantFrom("j1", "j2", "x"),
    jobType: text,
    input: text,
    options: fc.record(
      {
        heartbeatMs: number,
        startToCloseMs: number,
        scheduleToStartMs: number,
        retry: fc.record({
          maxAttempts: number,
          initialIntervalMs: number,
          coefficient: number,
          jitter: number,
        }),
      },
      { requiredKeys: [] },
    ),
  }),
  fc.record({ type: fc.constant("SetLabels"), labels: fc.dictionary(text, odd) }),
  fc.record({ type: fc.constant("CompleteRun"), output: fc.oneof(text, odd) }),
  fc.record({ type: fc.constantFrom("BeginFailing", "FailRun", "GetStuck", "FinishCancel"), failure }),
  fc.record({ type: fc.constant("CancelTimer"), timerId: text }),
  fc.record({ type: text }),
  odd,
);

test("Whatever a decision service answers, what is recorded can be read back as it is meant", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(decision, { maxLength: 5 }), async (answer) => {
      const { decided } = await decide(start, () => answer as RunDecision[]);
      const part = readBack(decided);
      expect(part?.events[0]?.type).toBe("RunStarted");
    }),
    { numRuns: 500 },
  );
});

test("A sleep that no time can hold gets its run stuck with a sentence", async () => {
  for (const dueAt of [1_700_000_000_000 + Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 1.5, NaN]) {
    const { decided } = await decide(start, () => [{ type: "SetTimer", timerId: "t1", dueAt }]);
    expect(readBack(decided)?.events).toMatchObject([
      { type: "RunStarted" },
      {
        type: "RunStuck",
        failure: { name: "InvalidTime", message: expect.stringContaining("a whole number of ms") },
      },
    ]);
  }
});

test("A heartbeat of a fraction of a millisecond makes a deadline that can be stored", async () => {
  const options = { heartbeatMs: 600_000 / 7, scheduleToStartMs: 1000 / 3 };
  const { decided, decider } = await decide(start, () => [
    { type: "ScheduleJob", jobId: "j1", jobType: "pay", input: "1", options },
  ]);
  readBack(decided);
  const state = decider.entry("r")?.state;
  const store = new MemoryStateStore();
  expect(state?.status === "running" && JSON.stringify(state.due)).toMatch(/"key":\d+,/);
  expect(store.head()).toBeUndefined();
});

test.each([1_000, 100_000, 5_000_000])(
  "A refusal of %d characters becomes one that the log can take",
  async (length) => {
    const { decided } = await decide(start, () => [], "x".repeat(length));
    expect(readBack(decided)?.events).toMatchObject([{ type: "CommandRefused", code: "InvalidInput" }]);
    expect(decided?.bytes).toBeLessThan(10_000);
  },
);

test("A decision service that fails gets the run stuck, and nobody else", async () => {
  const { decided } = await decide(start, () => {
    throw new Error("no connection");
  });
  expect(readBack(decided)?.events).toMatchObject([
    { type: "RunStarted" },
    { type: "RunStuck", failure: { message: "The decision service failed: no connection" } },
  ]);
});

test("A command whose own event can't be recorded is refused in short", async () => {
  const labels = { "": "x".repeat(9_000) };
  const { decided } = await decide({ ...start, labels }, () => []);
  expect(readBack(decided)).toMatchObject({
    seq: 0,
    events: [{ type: "CommandRefused", code: "Unprocessable", message: expect.stringContaining("labels") }],
  });
});
