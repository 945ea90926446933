import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClosedRun, evolve, orderedMap, type RunEvent, type RunState } from "@downbeat/domain";
import type { DecisionRecord } from "@downbeat/protocol";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { Fold } from "../src/fold.ts";
import { MemoryStateStore, SqliteStateStores } from "../src/index.ts";
import type { RunChange, Saving, SnapshotHead, StateStore } from "../src/state-store.ts";
import { readTombstone, tombstoneText } from "../src/tombstone.ts";
import { take } from "./take.ts";

const claim = { kind: "claim", id: "claim", epoch: 1, owner: "o", at: 1 } as const;

/** Counts what is written: each event once is the promise. */
class CountingStore implements StateStore {
  readonly #inner: StateStore;
  readonly written: string[] = [];

  readonly trials: StateStore["trials"];

  constructor(inner: StateStore) {
    this.#inner = inner;
    this.trials = inner.trials;
  }

  head = () => this.#inner.head();
  run = (runId: string) => this.#inner.run(runId);
  openRuns = () => this.#inner.openRuns();
  reset = () => this.#inner.reset();

  saving(head: SnapshotHead, runs: readonly RunChange[]): Saving {
    const saving = this.#inner.saving(head, runs);
    const goOn: Saving["goOn"] = (isOver) => {
      if (!saving.goOn(isOver)) return false;
      for (const { runId, added } of runs) this.written.push(...added.map(({ seq }) => `${runId}/${seq}`));
      return true;
    };
    return { goOn, abandon: () => saving.abandon() };
  }
}

const stores: Record<string, () => StateStore> = {
  memory: () => new MemoryStateStore(),
  SQLite: () => {
    const folder = mkdtempSync(join(tmpdir(), "downbeat-store-"));
    const opened = new SqliteStateStores(join(folder, "engine.sqlite"), () => {});
    onTestFinished(() => {
      opened.close();
      rmSync(folder, { recursive: true });
    });
    return opened.partition(3);
  },
};

/** What is done next: something in the numbered run, or a save that lets go of runs which are idle for so long; or only so many pieces of it. */
type Step =
  | { readonly run: number; readonly does: "goOn" | "end" | "damage" }
  | { readonly idleMs: number; readonly pieces?: number; readonly isAbandoned?: boolean };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ run: fc.nat(3), does: fc.constant("goOn" as const) }) },
  { weight: 1, arbitrary: fc.record({ run: fc.nat(3), does: fc.constant("end" as const) }) },
  { weight: 1, arbitrary: fc.record({ run: fc.nat(3), does: fc.constant("damage" as const) }) },
  { weight: 3, arbitrary: fc.record({ idleMs: fc.constantFrom(0, 3, 1_000) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      idleMs: fc.constantFrom(0, 3, 1_000),
      pieces: fc.nat(12),
      isAbandoned: fc.boolean(),
    }),
  },
);

/** Applies the steps as records; `next` is told before each, and says which fold goes on. */
function play(steps: readonly Step[], fold: Fold, onSave: (fold: Fold) => Fold): Fold {
  let prev = "";
  let at = 1;
  let position = 0;
  const place = () => `0:${++position}`;
  let current = fold;
  take(current, claim, place());
  prev = claim.id;
  for (const each of steps) {
    at += 1;
    if ("idleMs" in each && each.pieces !== undefined) {
      const saving = current.saving(each.idleMs);
      for (let piece = 0; piece < each.pieces; piece++) saving.goOn(() => true);
      if (each.isAbandoned) saving.abandon();
      continue;
    }
    if ("idleMs" in each) {
      current.save(each.idleMs);
      current = onSave(current);
      continue;
    }
    const runId = `r${each.run}`;
    const state = current.entry(runId)?.state;
    const isDamaged = state?.status === "damaged";
    if (state !== undefined && state.status !== "running" && !isDamaged && each.does !== "damage") continue;
    const action = { actionId: `a${at}`, actor: "mia", reason: "" };
    const event: RunEvent = isDamaged
      ? { type: "RunRepaired", action, outcome: each.does === "end" ? "closed" : "cut", message: "" }
      : state === undefined
        ? { type: "RunStarted", workflow: "w", input: "1" }
        : each.does === "end"
          ? { type: "RunCompleted", output: "1" }
          : { type: "LabelsSet", labels: { at: String(at) } };
    // Damage: events are missing.
    const seq = (state?.seq ?? 0) + (each.does === "damage" ? 3 : 1);
    const record: DecisionRecord = {
      kind: "decisions",
      id: `record-${at}`,
      prev,
      claimId: "claim",
      at,
      dispatchedUpTo: 0,
      decisions: [{ runId, workflow: "w", inputId: `i${at}`, seq, events: [event] }],
    };
    take(current, record, place());
    prev = record.id;
  }
  return current;
}

function contents(fold: Fold): unknown {
  const runs = [0, 1, 2, 3].map((run) => fold.entry(`r${run}`));
  const open = Array.from(fold.openRuns(), ({ runId }) => runId).sort();
  return { runs, open, position: fold.position };
}

describe.each(Object.entries(stores))("the state store in %s", (_, open) => {
  test("gives back what was saved, whenever and however often it is", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const whole = play(steps, new Fold(new MemoryStateStore()), (fold) => fold);
        const store = open();
        const reopened = play(steps, new Fold(store), () => new Fold(store));
        reopened.save(0);
        expect(contents(new Fold(store))).toEqual(contents(whole));
      }),
      { numRuns: 40 },
    );
  });

  test("is given each event of a run once, and none of a run that is over", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const store = new CountingStore(open());
        const fold = play(steps, new Fold(store), (same) => same);
        fold.save(0);
        expect(new Set(store.written).size).toBe(store.written.length);
        for (const { runId } of store.openRuns()) {
          const { state, history } = store.run(runId) ?? {};
          // Of one that is set aside only what came before the damage is kept, and nothing when it was over by then.
          if (state?.status === "damaged") continue;
          expect(history?.map(({ seq }) => seq)).toEqual(history?.map((_, index) => index + 1));
          expect(history).toHaveLength(state?.seq ?? -1);
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe("the state store in memory", () => {
  const { cursor } = new Fold(new MemoryStateStore());
  const headAt = (at: number) => ({ ...emptyHead, at });
  const emptyHead: SnapshotHead = {
    position: "0:1" as SnapshotHead["position"],
    cursor,
    barrenClaims: 0,
    at: 0,
    dispatchedUpTo: 0,
    undispatched: [],
  };

  test("saves once what goes on after it is done, and nothing that was given up", () => {
    const store = new MemoryStateStore();
    const one = store.saving(headAt(1), []);
    expect(one.goOn()).toBe(true);
    store.saving(headAt(2), []).goOn();
    one.abandon();
    expect(one.goOn()).toBe(true);
    expect(store.head()?.at).toBe(2);
    const other = store.saving(headAt(3), []);
    other.abandon();
    expect(() => other.goOn()).toThrow("The save was abandoned.");
    expect(store.head()?.at).toBe(2);
  });

  test("has nothing after a reset", () => {
    const store = new MemoryStateStore();
    const started: RunEvent = { type: "RunStarted", workflow: "w", input: "1" };
    const state = evolve(undefined, started, { runId: "r", seq: 1, at: 1, inputId: "i" });
    store.saving(headAt(1), [{ runId: "r", state, saved: 0, kept: 0, added: [] }]).goOn();
    expect(store.run("r")).toBeDefined();
    store.reset();
    expect([store.head(), store.run("r"), [...store.openRuns()]]).toEqual([undefined, undefined, []]);
  });
});

describe("a tombstone", () => {
  const started: RunEvent = { type: "RunStarted", workflow: "order", input: "1" };
  const by = { actionId: "a1", actor: "mia", reason: "it was asked for" };
  const endings: RunEvent[][] = [
    [{ type: "RunCompleted", output: "x".repeat(10_000) }],
    [{ type: "RunFailed", failure: { kind: "business", name: "No", message: "no" } }],
    [{ type: "RunCancelRequested", action: by }, { type: "RunCancelled" }],
    [
      { type: "JobScheduled", jobId: "j1", jobType: "pay", input: "1" },
      { type: "AttemptRequested", jobId: "j1", attempt: 1 },
      { type: "RunTerminated", action: by },
    ],
  ];

  test.each(endings.map((events) => [events.at(-1)?.type, events] as const))(
    "tells of %s what late commands are recognised by",
    (_, events) => {
      const closed = closedBy([started, ...events]);
      expect(readTombstone("order-1", tombstoneText(closed))).toEqual(closed);
    },
  );

  test("says what people did, and what may still come, where there is any of one of them", () => {
    const closed = closedBy([started, { type: "RunCompleted", output: "1" }]);
    const ids = orderedMap.put<string, true>(null, "a1", true);
    for (const more of [{ actions: ids }, { unanswered: ids }, { colour: "red" }])
      expect(readTombstone("order-1", tombstoneText({ ...closed, ...more }))).toEqual({ ...closed, ...more });
    for (const status of ["failed", "cancelled", "terminated"] as const)
      expect(readTombstone("order-1", tombstoneText({ ...closed, status }))).toEqual({ ...closed, status });
    expect(() => readTombstone("order-1", '["open","w","s",1,2,3]')).toThrow();
  });

  test("is short", () => {
    const closed = closedBy([started, { type: "RunCompleted", output: "x".repeat(10_000) }]);
    expect(tombstoneText(closed).length).toBeLessThan(100);
  });

  test("of an earlier version doesn't tell of the input", () => {
    const closed = readTombstone("order-1", '["completed","order","in1",2,5,5]');
    expect(closed).toMatchObject({ status: "completed", seq: 2, closedAt: 5 });
    expect(closed).not.toHaveProperty("inputHash");
  });

  function closedBy(events: readonly RunEvent[]): ClosedRun {
    let state: RunState | undefined;
    events.forEach((event, index) => {
      state = evolve(state, event, {
        runId: "order-1",
        seq: index + 1,
        at: 1_700_000_000_000,
        inputId: "i1",
      });
    });
    if (state === undefined || state.status === "running" || state.status === "damaged")
      throw new Error("It is not over.");
    return state;
  }
});
