import { type Decision, encodeCompacted } from "@downbeat/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openCache } from "../cache.ts";
import { ReadModel } from "../read/read-model.ts";
import { decisionsOf, HistoryLog } from "../test/history-log.ts";
import { randomRun } from "../test/random-run.ts";
import { by, type RunDriver } from "../test/run-driver.ts";
import { dump, scratchFile } from "../test/scratch.ts";
import { Projection } from "./projection.ts";

const day = 86_400_000;
const all = Number.MAX_SAFE_INTEGER;
const figures = ["run_figures", "job_figures", "error_figures"];

interface Life {
  readonly runs: readonly RunDriver[];
  /** Removes what ended before, after so many messages each. */
  readonly removeEvery?: number;
  readonly removeAll?: boolean;
}

function tablesOf({ runs, removeEvery, removeAll = false }: Life): Record<string, unknown[]> {
  const cache = openCache(scratchFile(), "test");
  const projection = new Projection(cache, { maxOpenRuns: 2 });
  const log = new HistoryLog().claim();
  for (const { at, decision } of decisionsOf(runs)) log.decide(at, [decision]);
  log.messages.forEach((message, index) => {
    projection.take(0, message);
    if (index % 3 === 0) projection.flush();
    if (removeEvery === undefined || index % removeEvery !== 0) return;
    projection.flush();
    while (projection.removal.next(message.publishTime + 1, 0)) {}
  });
  projection.flush();
  if (removeAll) while (projection.removal.next(all, 0)) {}
  const tables = dump(cache.db);
  cache.close();
  return tables;
}

/** Each run at a time of its own: its number follows from that. */
function runsOf(choices: readonly (readonly number[])[]): RunDriver[] {
  return choices.map((drawn, index) => randomRun(`run-${index}`, 1_000 + index * 100_000, drawn));
}

const drawn = fc.array(fc.array(fc.nat(100_000), { minLength: 1, maxLength: 25 }), {
  minLength: 1,
  maxLength: 6,
});

test("what is left of runs that are removed is that they were there, and what was counted of them", () => {
  let removed = 0;
  fc.assert(
    fc.property(drawn, (choices) => {
      const runs = runsOf(choices);
      const open = runs.filter(({ state }) => state?.status === "running" || state?.status === "damaged");
      removed += runs.length - open.length;
      const left = tablesOf({ runs, removeAll: true });
      const whole = tablesOf({ runs });
      const others = tablesOf({ runs: open });
      for (const table of ["runs", "run_details", "labels", "terms", "open_rows", "actions"])
        expect(left[table], table).toEqual(others[table]);
      for (const table of figures) expect(left[table]).toEqual(whole[table]);
      const counted = (tables: Record<string, unknown[]>) =>
        (tables.counters ?? []).filter((row) => JSON.parse(String(row)).n !== 0);
      expect(counted(left)).toEqual(counted(others));
      const ids = (left.removed_runs ?? []).map((row) => JSON.parse(String(row)).run_id).sort();
      expect(ids).toEqual(
        runs
          .filter((run) => !open.includes(run))
          .map(({ runId }) => runId)
          .sort(),
      );
    }),
    { numRuns: 20 },
  );
  expect(removed).toBeGreaterThan(5);
});

test("runs that are removed while others go on leave the others what they are", () => {
  fc.assert(
    fc.property(drawn, fc.integer({ min: 1, max: 9 }), (choices, removeEvery) => {
      // Nothing comes late for what is removed.
      const runs = runsOf(choices);
      const some = tablesOf({ runs, removeEvery, removeAll: true });
      const atEnd = tablesOf({ runs, removeAll: true });
      for (const table of ["runs", "run_details", "labels", "terms", "open_rows", "removed_runs", ...figures])
        expect(some[table], table).toEqual(atEnd[table]);
    }),
    { numRuns: 20 },
  );
});

/** A cache that knows a run as open, and what comes of the log after that. */
function stage() {
  const path = scratchFile();
  const cache = openCache(path, "test");
  const oddities: string[] = [];
  const projection = new Projection(cache, { onOddity: (sentence) => oddities.push(sentence) });
  const log = new HistoryLog().claim();
  const run = randomRun("r", 1_000, [0]);
  for (const { at, decision } of decisionsOf([run])) log.decide(at, [decision]);
  let taken = 0;
  const follow = () => {
    for (; taken < log.messages.length; taken++) {
      const message = log.messages[taken];
      if (message !== undefined) projection.take(0, message);
    }
    projection.flush();
  };
  const compacted = (closedAt: number) => {
    const last = log.messages.length - 1;
    const removed = { status: "completed", startId: "r/in1", closedAt };
    log.bytes(
      encodeCompacted(
        {
          kind: "decisions",
          id: `c${last}`,
          prev: "gone",
          claimId: "claim-0",
          epoch: 1,
          at: closedAt,
          dispatchedUpTo: 0,
          ordinal: 50,
        },
        [{ runId: "r", workflow: "workflow0", seq: 9, removed }],
      ),
    );
    return `c${last}`;
  };
  const read = <T>(ask: (readModel: ReadModel) => T): T => {
    const readModel = new ReadModel(path);
    const answer = ask(readModel);
    readModel.close();
    return answer;
  };
  return { cache, projection, log, follow, compacted, read, oddities };
}

const late = (seq: number, prev: string, at: number) =>
  ({
    kind: "decisions",
    id: `late-${seq}`,
    prev,
    claimId: "claim-0",
    epoch: 1,
    at,
    dispatchedUpTo: 0,
    decisions: [
      {
        runId: "r",
        workflow: "workflow0",
        inputId: `in${seq}`,
        seq,
        events: [{ type: "CommandRefused", command: "SendSignal", code: "RunOver", message: "It is over." }],
      },
    ],
  }) as const;

test("a cache that knew a run as open learns that it is over, and that it is removed", () => {
  const { log, follow, compacted, read, oddities, projection } = stage();
  follow();
  expect(read((readModel) => readModel.run("r")?.status)).toBe("running");
  const id = compacted(5_000);
  log.append(late(10, id, 6_000));
  follow();
  expect(read((readModel) => readModel.run("r"))).toBeUndefined();
  expect(read((readModel) => readModel.removed("r"))).toEqual({
    runId: "r",
    workflow: "workflow0",
    status: "completed",
    endedAt: 5_000,
  });
  expect(projection.removal.upTo).toBe(5_000);
  // It was counted as started.
  expect(projection.removal.countedFrom).toBe(0);
  expect(read((readModel) => Object.values(readModel.counts()).every((count) => count === 0))).toBe(true);
  expect(oddities).toEqual([]);
});

/** The end of a run that a person terminates. */
function lastDecision(): Decision {
  const end = randomRun("r", 1_000, [0]);
  end.do({ type: "TerminateRun", ...by("ada", "enough", "end") });
  const { decision } = decisionsOf([end]).at(-1) ?? {};
  if (decision === undefined) throw new Error("It does not end.");
  return decision;
}

test("what is refused of a run that the cache has removed doesn't bring it back, nor set it aside", () => {
  const { log, follow, read, oddities, projection } = stage();
  const decision = lastDecision();
  log.decide(2_000, [decision]);
  follow();
  projection.removal.next(day, 0);
  log.decide(2 * day, late(decision.seq + decision.events.length, "", 2 * day).decisions);
  follow();
  expect(read((readModel) => readModel.run("r"))).toBeUndefined();
  expect(oddities).toEqual([]);
});

test("a run that has the id of one that is long over takes its place", () => {
  const { log, follow, read } = stage();
  const decision = lastDecision();
  log.decide(2_000, [decision]);
  follow();
  expect(read((readModel) => readModel.run("r")?.status)).toBe("terminated");
  for (const { at, decision: again } of decisionsOf([randomRun("r", 5 * day, [0])])) log.decide(at, [again]);
  follow();
  expect(read((readModel) => readModel.run("r"))).toMatchObject({ status: "running", startedAt: 5 * day });
  expect(read((readModel) => readModel.counts())).toMatchObject({ terminated: 0 });
});

test("that a run was removed is known as long as its id is", () => {
  const { cache, follow, compacted, read, projection } = stage();
  compacted(5_000);
  follow();
  // The run was started and removed before anything was written.
  expect(new Projection(cache).removal.countedFrom).toBe(5_000);
  projection.removal.next(0, 5_000);
  expect(read((readModel) => readModel.removed("r"))).toBeDefined();
  projection.removal.next(0, 5_001);
  expect(read((readModel) => readModel.removed("r"))).toBeUndefined();
});

test("what was refused because there was no such run goes with the runs of its time", () => {
  const { log, follow, cache, projection } = stage();
  const { decisions } = late(0, "", 0);
  for (const at of [2_000, 4_000])
    log.decide(
      at,
      decisions.map((decision) => ({ ...decision, runId: `nobody-${at}`, inputId: `in-${at}` })),
    );
  follow();
  const refused = () =>
    cache.db
      .prepare("SELECT run_id FROM refusals")
      .all()
      .map((row) => row.run_id);
  expect(refused()).toEqual(["nobody-2000", "nobody-4000"]);
  projection.removal.next(3_000, 0);
  expect(refused()).toEqual(["nobody-4000"]);
});
