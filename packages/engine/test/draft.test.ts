import type { AnyRunCommand, RunEvent } from "@downbeat/domain";
import { describe, expect, test } from "vitest";
import { type Decided, Draft, oneAfterOther, outsideHistory } from "../src/draft.ts";
import type { RunEntry } from "../src/run-entry.ts";

const start: AnyRunCommand = {
  type: "StartRun",
  commandId: "c1",
  runId: "r1",
  workflow: "order",
  input: "1",
};
const signal: AnyRunCommand = {
  type: "SendSignal",
  commandId: "c2",
  runId: "r1",
  signalId: "s1",
  name: "go",
  payload: "1",
};
const started: RunEvent = { type: "RunStarted", workflow: "order", input: "1" };
const scheduled = (jobId: string): RunEvent[] => [
  { type: "JobScheduled", jobId, jobType: "charge", input: "1" },
  { type: "AttemptRequested", jobId, attempt: 1 },
];
const label = (city: string): RunEvent => ({ type: "LabelsSet", labels: { city } });

function drafted(
  command: AnyRunCommand,
  before: RunEntry | undefined,
  events: readonly RunEvent[],
  bytes = 10_000,
) {
  const draft = new Draft(command, before, 5, bytes);
  expect(draft.add(events)).toBeUndefined();
  return draft;
}

function parts(first: Decided | undefined): Decided[] {
  return first === undefined ? [] : [first, ...parts(first.next)];
}

const running = drafted(start, undefined, [started]).entry;

describe("A draft", () => {
  test("becomes one part of a record: the events, the run after them and what is to be done outside", () => {
    const draft = drafted(start, undefined, [started, ...scheduled("j1")]);
    expect(draft.isEmpty).toBe(false);
    const decided = draft.decided();
    expect(decided.decision).toEqual({
      runId: "r1",
      workflow: "order",
      inputId: "c1",
      seq: 1,
      events: [started, ...scheduled("j1")],
    });
    expect(JSON.parse(decided.json)).toEqual(decided.decision);
    expect(decided.bytes).toBe(Buffer.byteLength(decided.json));
    expect(decided.entry?.state).toMatchObject({ status: "running", seq: 3, lastAt: 5 });
    expect(decided.entry).toBe(draft.entry);
    expect(decided.effects).toMatchObject([{ type: "DispatchAttempt", jobId: "j1" }]);
    expect(decided).not.toHaveProperty("next");
    expect(decided).not.toHaveProperty("partsLeft");
  });

  test("names no workflow where none is known", () => {
    expect(drafted(signal, undefined, [started]).decided().decision.workflow).toBe("");
  });

  test("shares the history of the run it goes on from where nothing else is in it", () => {
    const before = drafted(start, undefined, [started]).entry;
    expect(drafted(signal, before, [label("Bern")]).entry.history).toBe(before.history);
  });

  test("of a run that is there goes on from it, and names its workflow", () => {
    const { decision } = drafted(signal, running, [label("Bern")]).decided();
    expect(decision).toMatchObject({ seq: 2, workflow: "order", inputId: "c2" });
  });

  test("takes nothing of a draft that came to nothing, though that is in the history they share", () => {
    const lost = drafted(signal, running, [label("Bern"), label("Thun")]);
    expect(lost.entry.history).toHaveLength(3);
    const one = drafted(signal, undefined, [started]).entry;
    drafted(signal, one, [label("Bern")]);
    expect(drafted(signal, one, [label("Genf")]).entry.history).toHaveLength(2);
    const draft = drafted(signal, running, [label("Genf")]);
    expect(draft.entry.history.map(({ event }) => event)).toEqual([started, label("Genf")]);
    expect(draft.decided().decision.seq).toBe(2);
  });

  test("of nothing is empty, and has no run", () => {
    const draft = drafted(start, undefined, []);
    expect(draft.isEmpty).toBe(true);
    expect(draft.run).toBeUndefined();
    expect(() => draft.entry).toThrow("Nothing is drafted yet.");
  });

  test("has an open run until the event that ends it", () => {
    const draft = drafted(start, undefined, [started]);
    expect(draft.run?.runId).toBe("r1");
    draft.add([{ type: "RunCompleted", output: "1" }]);
    expect(draft.run).toBeUndefined();
  });

  test("is of no use with what can't be written down, or can't follow", () => {
    const draft = drafted(start, undefined, [started]);
    expect(draft.add([{ type: "LabelsSet", labels: { "": "x" } }])).toMatch(
      /^LabelsSet can't be written down: /,
    );
    expect(drafted(start, undefined, [started]).add([started])).toBe("event 2: the run starts a second time");
  });
});

describe("What is more than a record should hold", () => {
  const cities = Array.from({ length: 6 }, (_, n) => label(`city ${n}`));
  const size = Buffer.byteLength(JSON.stringify(cities[0]));

  test.each([
    [size, [1, 1, 1, 1, 1, 1]],
    [2 * size - 1, [1, 1, 1, 1, 1, 1]],
    [2 * size, [2, 2, 2]],
    [5 * size, [5, 1]],
    [6 * size, [6]],
  ])("is cut into parts of %i bytes at most", (bytes, counts) => {
    const first = drafted(signal, running, cities, bytes).decided();
    const all = parts(first);
    expect(all.map(({ decision }) => decision.events.length)).toEqual(counts);
    expect(all.flatMap(({ decision }) => decision.events)).toEqual(cities);
    expect(all.map(({ decision }) => decision.seq)).toEqual(
      counts.map((_, index) => 2 + counts.slice(0, index).reduce((sum, count) => sum + count, 0)),
    );
    expect(all.map(({ partsLeft = 0 }) => partsLeft)).toEqual(
      counts.map((_, index) => counts.length - 1 - index),
    );
  });

  test("leaves the run unfinished after each part but the last", () => {
    const all = parts(drafted(signal, running, cities, 2 * size).decided());
    expect(
      all.map(({ entry }) => entry?.state.status === "running" && entry.state.unfinished === true),
    ).toEqual([true, true, false]);
  });

  test("is the same however it is added, and each effect is in its own part", () => {
    const events = ["j1", "j2", "j3"].flatMap(scheduled);
    const atOnce = parts(drafted(signal, running, events, 100).decided());
    const draft = drafted(signal, running, []);
    expect(draft.isEmpty).toBe(true);
    const oneByOne = new Draft(signal, running, 5, 100);
    for (const event of events) oneByOne.add([event]);
    expect(parts(oneByOne.decided()).map(({ json }) => json)).toEqual(atOnce.map(({ json }) => json));
    expect(atOnce.map(({ effects }) => effects.length)).toEqual([1, 1, 1]);
  });

  test("is never cut between events that one record must hold", () => {
    const all = parts(drafted(signal, running, ["j1", "j2"].flatMap(scheduled), 1).decided());
    expect(all.map(({ decision }) => decision.events.map(({ type }) => type))).toEqual([
      ["JobScheduled", "AttemptRequested"],
      ["JobScheduled", "AttemptRequested"],
    ]);
  });

  test("is cut where it was added too, and where the whole of it is one event over", () => {
    const counts = (draft: Draft) => parts(draft.decided()).map(({ decision }) => decision.events.length);
    const apart = drafted(signal, running, [label("Bern")], size);
    apart.add([label("Thun")]);
    expect(counts(apart)).toEqual([1, 1]);
    expect(counts(drafted(signal, running, [label("Bern"), label("Thun")], size))).toEqual([1, 1]);
  });

  test("says what can't follow in a part that is closed", () => {
    const draft = new Draft(start, undefined, 5, 300);
    const found = draft.add([
      started,
      { type: "RunCompleted", output: "1" },
      label("Bern"),
      label("x".repeat(190)),
    ]);
    expect(found).toBe("event 3: LabelsSet can't follow the run's end");
  });

  test("of a run that is over by then leaves nothing unfinished", () => {
    const refused: RunEvent = {
      type: "CommandRefused",
      command: "CancelRun",
      code: "RunOver",
      message: "x".repeat(300),
    };
    const over: RunEvent = { type: "RunCompleted", output: "1" };
    const all = parts(drafted(start, undefined, [started, over, refused], 300).decided());
    expect(all.map(({ decision, partsLeft }) => [decision.events.length, partsLeft])).toEqual([
      [2, undefined],
      [1, undefined],
    ]);
  });

  test("can't follow in a later part either", () => {
    const draft = new Draft(signal, running, 5, 1);
    const found = draft.add([label("Bern"), { type: "RunCompleted", output: "1" }, label("Thun")]);
    expect(found).toBe("event 4: LabelsSet can't follow the run's end");
  });
});

describe("What the log can't take", () => {
  const job = (jobId: string, bytes: number): RunEvent => ({
    type: "JobScheduled",
    jobId,
    jobType: "charge",
    input: "x".repeat(bytes),
  });
  const around = Buffer.byteLength(JSON.stringify(job("j1", 0)));

  test("is a part of more than 600,000 bytes", () => {
    expect(drafted(signal, running, [job("j1", 600_000 - around)]).tooLarge()).toBeUndefined();
    expect(drafted(signal, running, [job("j1", 600_001 - around), label("x")], 1).tooLarge()).toBe(
      "it is 600001 bytes, and the limit is 600000",
    );
  });

  test("is more than 16,000,000 bytes in all parts", () => {
    const jobs = (count: number, rest: number) => [
      ...Array.from({ length: count }, (_, n) => job(`j${n + 10}`, 500_000 - around - 1)),
      job("j99", rest - around - 1),
    ];
    expect(drafted(signal, running, jobs(31, 500_000), 500_000).tooLarge()).toBeUndefined();
    expect(drafted(signal, running, jobs(31, 500_001), 500_000).tooLarge()).toBe(
      "it is 16000001 bytes, and the limit is 16000000",
    );
  });
});

describe("One outcome after another", () => {
  const one = drafted(signal, running, [label("a")]).decided();
  const other = drafted(signal, running, [label("b")]).decided();

  test("is both, where both are there", () => {
    expect(oneAfterOther(one, other)).toEqual({ ...one, next: other });
    expect(oneAfterOther({ ...one, next: one }, other)).toEqual({ ...one, next: { ...one, next: other } });
    expect(oneAfterOther(undefined, other)).toBe(other);
    expect(oneAfterOther(one, undefined)).toBe(one);
    expect(oneAfterOther(undefined, undefined)).toBeUndefined();
  });
});

test("an answer that is of no run's history has number 0, no effects, and a workflow only where one was asked for", () => {
  const refused: RunEvent = {
    type: "CommandRefused",
    command: "StartRun",
    code: "Unprocessable",
    message: "No.",
  };
  const decided = outsideHistory(start, [refused]);
  expect(decided.decision).toEqual({
    runId: "r1",
    workflow: "order",
    inputId: "c1",
    seq: 0,
    events: [refused],
  });
  expect(JSON.parse(decided.json)).toEqual(decided.decision);
  expect(decided.bytes).toBe(Buffer.byteLength(decided.json));
  expect(decided.effects).toEqual([]);
  expect(outsideHistory(signal, [refused]).decision.workflow).toBe("");
});
