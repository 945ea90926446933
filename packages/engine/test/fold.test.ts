import type { Effect, RunEvent } from "@downbeat/domain";
import type { Position } from "@downbeat/message-log";
import {
  type Claim,
  type Decision,
  type DecisionRecord,
  encodeHistoryRecord,
  type HistoryRecord,
  recordProperties,
} from "@downbeat/protocol";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyDecision, Fold } from "../src/fold.ts";
import { MemoryStateStore } from "../src/index.ts";
import { take } from "./take.ts";

const claim = (epoch: number, owner = "o"): Claim => ({
  kind: "claim",
  id: `claim-${epoch}-${owner}`,
  epoch,
  owner,
  at: 1,
});

let ids = 0;
function record(prev: string, decisions: Decision[], rest: Partial<DecisionRecord> = {}): DecisionRecord {
  const id = `record-${++ids}`;
  return { kind: "decisions", id, prev, claimId: "c", at: 10, dispatchedUpTo: 0, decisions, ...rest };
}

function decision(runId: string, seq: number, ...events: RunEvent[]): Decision {
  return { runId, workflow: "w", inputId: `${runId}-${seq}`, seq, events };
}

const started: RunEvent = { type: "RunStarted", workflow: "w", input: "1" };
const scheduled: RunEvent = { type: "JobScheduled", jobId: "j1", jobType: "pay", input: "1" };
const requested: RunEvent = { type: "AttemptRequested", jobId: "j1", attempt: 1 };
const completed: RunEvent = { type: "RunCompleted", output: "2" };
const timerSet = (dueAt: number): RunEvent => ({ type: "TimerSet", timerId: "t1", generation: 1, dueAt });

/** Applies records at positions one after the other. */
function applied(fold: Fold, records: readonly HistoryRecord[], from = 0): boolean[] {
  return records.map((one, index) => take(fold, one, `0:${from + index}`));
}

/** What it holds, in a form that can be compared. */
function contents(fold: Fold, runIds: readonly string[]) {
  const { at, barrenClaims, cursor, dispatchedUpTo, position, undispatched } = fold;
  const open = [...fold.openRuns()].map(({ runId }) => runId).sort();
  const runs = runIds.map((runId) => {
    const entry = fold.entry(runId);
    return entry === undefined ? undefined : { state: entry.state, history: entry.history };
  });
  return JSON.parse(
    JSON.stringify({ at, barrenClaims, cursor, dispatchedUpTo, position, undispatched, open, runs }),
  );
}

describe("the fold", () => {
  test("takes what counts, and of what does not only where it stood", () => {
    const fold = new Fold(new MemoryStateStore());
    const first = record("claim-1-o", [decision("r", 1, started)]);
    const zombie = record("claim-1-o", [decision("r", 2, completed)]);
    expect(applied(fold, [claim(1), first, zombie, claim(1, "late")])).toEqual([true, true, false, false]);
    expect(fold.position).toBe("0:3");
    expect(fold.cursor).toMatchObject({ epoch: 1, last: first.id, owner: "o", count: 2 });
    expect(fold.entry("r")?.state).toMatchObject({ status: "running", seq: 1 });
    expect(fold.entry("r")?.history).toHaveLength(1);
  });

  test("may not go on from what is signed without a key that signs, as soon as one such record counts", () => {
    for (const kind of ["claim", "decisions"] as const) {
      const fold = new Fold(new MemoryStateStore());
      const signing = new Fold(new MemoryStateStore(), { signs: true });
      const records: HistoryRecord[] = [claim(1), record("claim-1-o", [decision("r", 1, started)])];
      for (const each of [fold, signing])
        records.forEach((one, index) => {
          const payload = encodeHistoryRecord(one);
          const properties = {
            ...recordProperties(one.id, payload),
            ...(one.kind === kind && { mac: "k1.x" }),
          };
          each.read({ payload, publishTime: one.at, properties }, `0:${index}` as Position);
          if (one.kind !== kind && index === 0) expect(each.newer).toBeUndefined();
        });
      expect(fold.newer).toContain("no key that signs");
      expect(signing.newer).toBeUndefined();
    }
  });

  test("keeps the latest time that a record had, though an adopted one is of an earlier", () => {
    const fold = new Fold(new MemoryStateStore());
    const first = record("claim-1-o", [], { at: 50 });
    applied(fold, [claim(1), first]);
    const next = record(first.id, [], { at: 20 });
    expect(fold.adopt(next, "0:2" as Position, new Map(), [])).toBe(true);
    expect(fold.cursor.at).toBe(50);
    expect(fold.adopt(record(next.id, [], { at: 70 }), "0:3" as Position, new Map(), [])).toBe(true);
    expect(fold.cursor.at).toBe(70);
  });

  test("knows which effects of its records are not published, by what records say and what it is told", () => {
    const fold = new Fold(new MemoryStateStore());
    const one = record("claim-1-o", [decision("r", 1, started, scheduled, requested)]);
    const two = record(one.id, [decision("r", 4, timerSet(50))]);
    applied(fold, [claim(1), one, two]);
    expect(fold.undispatched.map(({ ordinal, effects }) => [ordinal, effects.length])).toEqual([
      [2, 1],
      [3, 1],
    ]);
    fold.dispatched(2);
    expect(fold.undispatched.map(({ ordinal }) => ordinal)).toEqual([3]);
    fold.dispatched(1);
    expect(fold.dispatchedUpTo).toBe(2);
    applied(fold, [record(two.id, [decision("s", 1, started)], { dispatchedUpTo: 3 })], 3);
    expect(fold.undispatched.map(({ ordinal }) => ordinal)).toEqual([4]);
    expect(fold.dispatchedUpTo).toBe(3);
  });

  test("does not believe a record that says its own effects, or those of later ones, are published", () => {
    const fold = new Fold(new MemoryStateStore());
    const dispatchedUpTo = Number.MAX_SAFE_INTEGER;
    const forged = record("claim-1-o", [decision("r", 1, started, scheduled, requested)], { dispatchedUpTo });
    applied(fold, [claim(1), forged, record(forged.id, [decision("r", 4, timerSet(50))])]);
    expect(fold.undispatched.map(({ ordinal }) => ordinal)).toEqual([2, 3]);
    expect(fold.dispatchedUpTo).toBe(1);
  });

  test("counts owners that came to nothing, and begins again with the first record of decisions", () => {
    const fold = new Fold(new MemoryStateStore());
    applied(fold, [claim(1), claim(2), claim(3)]);
    expect(fold.barrenClaims).toBe(3);
    applied(fold, [record("claim-3-o", [decision("r", 1, started)])], 3);
    expect(fold.barrenClaims).toBe(0);
    applied(fold, [claim(3)], 4);
    expect(fold.barrenClaims).toBe(0);
  });

  test("keeps what is left of a run that is over, so that a late start is known, and none of its history", () => {
    const store = new MemoryStateStore();
    const fold = new Fold(store);
    applied(fold, [claim(1), record("claim-1-o", [decision("r", 1, started, completed)])]);
    fold.save(0);
    for (const one of [fold, new Fold(store)]) {
      expect(one.entry("r")).toMatchObject({ state: { status: "completed", startId: "r-1" }, history: [] });
      expect([...one.openRuns()]).toEqual([]);
    }
  });

  test("never says an earlier time than it did", () => {
    const fold = new Fold(new MemoryStateStore());
    const late = record("claim-1-o", [decision("r", 1, started)], { at: 90 });
    applied(fold, [claim(1), late, record(late.id, [decision("s", 1, started)], { at: 20 })]);
    expect(fold.at).toBe(90);
  });

  test("adopts an own record with the results it is given, and only if it counts", () => {
    const fold = new Fold(new MemoryStateStore());
    const own = record("claim-1-o", [decision("r", 1, started)]);
    const apart = new Fold(new MemoryStateStore());
    applied(apart, [claim(1), own]);
    const entry = apart.entry("r");
    if (entry === undefined) throw new Error("There is no run.");
    applied(fold, [claim(1)]);
    expect(fold.adopt(own, "0:1" as Position, new Map([["r", entry]]), [])).toBe(true);
    expect(fold.entry("r")).toBe(entry);
    expect(fold.adopt(own, "0:2" as Position, new Map([["s", entry]]), [])).toBe(false);
    expect(fold.entry("s")).toBeUndefined();
    expect(contents(fold, ["r"])).toMatchObject({ ...contents(apart, ["r"]), position: "0:2" });
  });

  test.each([
    ["goes on", scheduled],
    ["ends", completed],
  ])("a run that %s and was let go of while the record was on its way is saved as it is", (_, last) => {
    const store = new MemoryStateStore();
    const fold = new Fold(store);
    const first = record("claim-1-o", [decision("r", 1, started)]);
    applied(fold, [claim(1), first]);
    fold.save(0);
    const next = decision("r", 2, last);
    const own = record(first.id, [next], { at: 20 });
    const decided = applyDecision(fold.entry("r"), next, 20, []);
    const other = record(own.id, [decision("s", 1, started)], { at: 30 });
    take(fold, claim(1, "late"), "0:2");
    fold.save(-1);
    expect(fold.adopt(own, "0:3" as Position, new Map([["r", decided]]), [])).toBe(true);
    take(fold, other, "0:4");
    fold.save(0);
    const apart = new Fold(new MemoryStateStore());
    applied(apart, [claim(1), first, claim(1, "late"), own, other]);
    expect(contents(new Fold(store), ["r", "s"])).toEqual(contents(apart, ["r", "s"]));
  });

  test("saves no events that were appended to a shared history and are not accepted", () => {
    const store = new MemoryStateStore();
    const fold = new Fold(store);
    applied(fold, [claim(1), record("claim-1-o", [decision("r", 1, started)])]);
    fold.entry("r")?.history.push({ seq: 2, at: 1, event: completed });
    fold.save(0);
    expect(new Fold(store).entry("r")?.history.map(({ event }) => event.type)).toEqual(["RunStarted"]);
  });

  test("knows the earliest deadline of open runs that it does not hold in memory", () => {
    const store = new MemoryStateStore();
    const fold = new Fold(store);
    applied(fold, [claim(1), record("claim-1-o", [decision("r", 1, started, timerSet(5_000))])]);
    fold.save(60_000);
    expect([...new Fold(store).openRuns()]).toEqual([{ runId: "r", dueAt: 6_000 }]);
  });

  test("is the same wherever it was saved and opened again on the way", () => {
    const runIds = ["a", "b", "c"];
    /** A history that counts: a claim now and then, and steps of runs each from where it is. */
    function story(picks: readonly number[]): HistoryRecord[] {
      const records: HistoryRecord[] = [claim(1)];
      const seqs = new Map<string, number>();
      let last = "claim-1-o";
      let epoch = 1;
      picks.forEach((pick, index) => {
        if (pick % 7 === 0) {
          records.push(claim(++epoch));
          last = `claim-${epoch}-o`;
          return;
        }
        const runId = runIds[pick % runIds.length] ?? "a";
        const seq = seqs.get(runId) ?? 0;
        const events =
          seq === 0
            ? [started, scheduled, requested]
            : seq > 8
              ? []
              : [{ type: "LabelsSet", labels: {} } as const];
        if (events.length === 0) return;
        seqs.set(runId, seq + events.length);
        const next = record(last, [decision(runId, seq + 1, ...events)], {
          at: index,
          dispatchedUpTo: index >> 1,
        });
        records.push(next);
        last = next.id;
      });
      return records;
    }
    fc.assert(
      fc.property(
        fc.array(fc.nat(40), { maxLength: 30 }),
        fc.array(fc.nat(30), { maxLength: 5 }),
        (picks, saves) => {
          const records = story(picks);
          const whole = new Fold(new MemoryStateStore());
          applied(whole, records);
          const store = new MemoryStateStore();
          let fold = new Fold(store);
          records.forEach((one, index) => {
            take(fold, one, `0:${index}`);
            if (!saves.includes(index)) return;
            fold.save(0);
            fold = new Fold(store);
          });
          expect(contents(fold, runIds)).toEqual(contents(whole, runIds));
        },
      ),
      { numRuns: 200 },
    );
  });
});

/** Reads a message as it is stored, whatever it holds. */
function readText(fold: Fold, id: string, text: string, at: string, written = text) {
  const properties = { ...recordProperties(id, Buffer.from(written)) };
  return fold.read({ payload: Buffer.from(text), properties, publishTime: 1_000_000 }, at as Position);
}

describe("a record that is damaged", () => {
  test("sets aside whom it is about, at what was known of them, and nobody else", () => {
    const fold = new Fold(new MemoryStateStore());
    const first = record("claim-1-o", [decision("r1", 1, started), decision("r2", 1, started)]);
    applied(fold, [claim(1), first]);
    const text = JSON.stringify(record(first.id, [decision("r1", 2, completed), decision("r3", 1, started)]));
    const reading = readText(fold, "lost", text, "0:2", `${text} `);
    expect(reading).toMatchObject({ type: "leftOut", cause: "damaged" });
    const found = "a record with its events is damaged";
    expect(fold.entry("r1")).toMatchObject({ state: { status: "damaged", found, seq: 1, workflow: "w" } });
    expect(fold.entry("r1")?.history).toHaveLength(1);
    expect(fold.entry("r2")?.state.status).toBe("running");
    expect(fold.entry("r3")).toMatchObject({ state: { status: "damaged", found, seq: 0 }, history: [] });
  });
});

describe("what a newer version has decided", () => {
  const newer = (prev: string, id: string, format: number | undefined, type: string) =>
    JSON.stringify({
      ...record(prev, [{ ...decision("r1", 2), events: [{ type }] as unknown as RunEvent[] }]),
      id,
      ...(format !== undefined && { format }),
    });

  test("is said, the first of it, and nothing is saved any more: a version that can read it goes on from before it", () => {
    const store = new MemoryStateStore();
    const fold = new Fold(store);
    const first = record("claim-1-o", [decision("r1", 1, started)]);
    applied(fold, [claim(1), first]);
    fold.save(1_000);
    expect(fold.newer).toBeUndefined();
    readText(fold, "n1", newer(first.id, "n1", 99, "Teleported"), "0:2");
    const sentence =
      'a newer version has decided here: event 2 is "Teleported", which this version doesn\'t know (format 99)';
    expect(fold.newer).toBe(sentence);
    readText(fold, "n2", newer("n1", "n2", undefined, "Vanished"), "0:3");
    expect(fold.newer).toBe(sentence);
    readText(fold, "n3", newer("n2", "n3", 98, "Vanished"), "0:4");
    expect(fold.newer).toBe(sentence);
    fold.save(1_000);
    expect(store.head()?.position).toBe("0:1");
    expect(fold.saving(1_000).goOn(() => false)).toBe(true);
  });

  test("is said with its format alone where everything of it can be read", () => {
    const fold = new Fold(new MemoryStateStore());
    applied(fold, [claim(1)]);
    const text = JSON.stringify(record("claim-1-o", [decision("r1", 1, started)], { format: 99 }));
    readText(fold, JSON.parse(text).id, text, "0:1");
    expect(fold.newer).toBe("a newer version has decided here (format 99)");
    expect(fold.entry("r1")?.state.status).toBe("running");
  });
});

describe("after it was saved", () => {
  /** Counts the looks into it. */
  class WatchedStore extends MemoryStateStore {
    readonly looks: string[] = [];
    override run(runId: string) {
      this.looks.push(runId);
      return super.run(runId);
    }
  }

  test("only open runs to which something happened lately are kept in memory", () => {
    const store = new WatchedStore();
    const fold = new Fold(store);
    const old = record("claim-1-o", [decision("old", 1, started), decision("over", 1, started, completed)]);
    const ended = decision("ended", 1, started, completed);
    const fresh = record(old.id, [decision("edge", 1, started)], { at: 1_000 });
    const last = record(fresh.id, [decision("new", 1, started), ended], { at: 1_100 });
    applied(fold, [claim(1), old, fresh, last]);
    fold.save(100);
    store.looks.length = 0;
    for (const runId of ["new", "edge", "old", "over", "ended"]) expect(fold.entry(runId)).toBeDefined();
    expect(store.looks).toEqual(["old", "over", "ended"]);
    // Once they were looked at they are in memory again.
    expect(fold.entry("old")).toBeDefined();
    expect(store.looks).toEqual(["old", "over", "ended"]);
    expect([...fold.openRuns()].map(({ runId }) => runId).sort()).toEqual(["edge", "new", "old"]);
  });

  test("it begins where it was, with all that a head says", () => {
    const store = new MemoryStateStore();
    const fold = new Fold(store);
    const first = record("claim-1-o", [decision("r", 1, started, timerSet(50))], { at: 70 });
    applied(fold, [claim(1), first, record(first.id, [], { dispatchedUpTo: 1, at: 80 }), claim(2)]);
    fold.save(1_000);
    const again = new Fold(store);
    expect(contents(again, ["r"])).toEqual(contents(fold, ["r"]));
    expect(again).toMatchObject({ at: 80, dispatchedUpTo: 1, barrenClaims: 1, position: "0:3" });
    expect(again.undispatched).toHaveLength(2);
  });
});

test("an entry that can't follow sets its run aside at what was good, and has no effects", () => {
  const effects: Effect[] = [];
  const good = applyDecision(undefined, decision("r", 1, started, scheduled, requested), 5, effects);
  expect(effects).toHaveLength(1);
  const bad = applyDecision(good, decision("r", 9, completed), 6, effects);
  expect(bad.state).toMatchObject({ status: "damaged", seq: 3, found: "events 4 to 8 are missing" });
  expect(bad.history).toBe(good.history);
  expect(effects).toHaveLength(1);
  const over = applyDecision(good, decision("r", 4, completed), 6, effects);
  expect(over).toMatchObject({ state: { status: "completed" }, history: [] });
  // Others may hold it still.
  expect(good.history).toHaveLength(3);
});

test("a run that begins again with the id of one that is over leaves that one as it was", () => {
  const day = 86_400_000;
  const over = applyDecision(undefined, decision("r", 1, started, completed), 5, []);
  const again = applyDecision(over, decision("r", 1, started), 5 + day, []);
  expect(again).toMatchObject({ state: { status: "running", seq: 1 }, history: [{ seq: 1 }] });
  expect(over.history).toEqual([]);
});

describe("a refusal that is of no run's history", () => {
  const refused: RunEvent = {
    type: "CommandRefused",
    command: "CancelRun",
    code: "UnknownRun",
    message: "There is no such run.",
  };

  test("makes no run, and changes none", () => {
    const fold = new Fold(new MemoryStateStore());
    const first = record("claim-1-o", [decision("r", 0, refused), decision("s", 1, started)]);
    applied(fold, [claim(1), first, record(first.id, [decision("s", 0, refused)])]);
    expect(fold.entry("r")).toBeUndefined();
    expect(fold.entry("s")?.state).toMatchObject({ status: "running", seq: 1 });
  });
});

describe("what is saved a piece at a time", () => {
  /** Done at the second piece. */
  class SlowStore extends MemoryStateStore {
    override saving(...given: Parameters<MemoryStateStore["saving"]>) {
      const saving = super.saving(...given);
      let pieces = 0;
      return { ...saving, goOn: () => ++pieces > 1 && saving.goOn() };
    }
  }

  function saved() {
    const store = new SlowStore();
    const fold = new Fold(store);
    const first = record("claim-1-o", [decision("r", 1, started)]);
    applied(fold, [claim(1), first]);
    return { store, fold, first };
  }

  test("nothing is saved of a history of which nothing was read", () => {
    const store = new MemoryStateStore();
    new Fold(store).save(0);
    expect(store.head()).toBeUndefined();
  });

  test("is finished when the next one begins, and is over then", () => {
    const { store, fold, first } = saved();
    const one = fold.saving(0);
    expect(one.goOn(() => false)).toBe(false);
    applied(fold, [record(first.id, [decision("s", 1, started)])], 2);
    expect(one.goOn(() => false)).toBe(true);
    const other = fold.saving(0);
    expect(one.goOn(() => false)).toBe(true);
    one.abandon();
    expect(fold.unsaved).toBe(0);
    other.goOn(() => false);
    other.goOn(() => false);
    expect(Array.from(store.openRuns(), ({ runId }) => runId)).toEqual(["r", "s"]);
  });

  test("and what happens meanwhile is in the next one, also that a run is over", () => {
    const { store, fold, first } = saved();
    const one = fold.saving(0);
    expect(one.goOn(() => false)).toBe(false);
    applied(fold, [record(first.id, [decision("r", 2, completed)])], 2);
    expect(one.goOn(() => false)).toBe(true);
    expect(Array.from(store.openRuns(), ({ runId }) => runId)).toEqual(["r"]);
    const next = fold.saving(0);
    next.goOn(() => false);
    next.goOn(() => false);
    expect(new Fold(store).entry("r")?.state.status).toBe("completed");
  });

  test("is saved with the next one where it was given up, and no more than once", () => {
    const { fold } = saved();
    const one = fold.saving(0);
    one.abandon();
    expect(fold.unsaved).toBe(1);
    expect(one.goOn(() => false)).toBe(true);
    fold.saving(0).goOn(() => false);
    expect(fold.unsaved).toBe(0);
    one.abandon();
    expect(fold.unsaved).toBe(0);
  });
});

test("of a run whose history was removed the store keeps no events, though it was open there when it was last saved", () => {
  const changes: { readonly runId: string; readonly saved: number; readonly kept: number }[] = [];
  class NotingStore extends MemoryStateStore {
    override saving(...[head, runs]: Parameters<MemoryStateStore["saving"]>) {
      changes.push(...runs);
      return super.saving(head, runs);
    }
  }
  const store = new NotingStore();
  const fold = new Fold(store);
  const first = record("claim-1-o", [decision("r", 1, started, timerSet(5))]);
  applied(fold, [claim(1), first, record(first.id, [decision("s", 1, started)], { at: 10_000 })]);
  fold.save(0);
  const again = new Fold(store);
  changes.length = 0;
  const removed = { status: "completed", startId: "r-1", closedAt: 20 };
  const compacted = JSON.stringify({
    ...record(again.cursor.last, [], { epoch: 1 }),
    ordinal: 9,
    decisions: [{ runId: "r", workflow: "w", seq: 4, removed }],
  });
  readText(again, JSON.parse(compacted).id, compacted, "0:9");
  again.save(0);
  expect(changes).toMatchObject([{ runId: "r", saved: 2, kept: 0, state: { status: "completed", seq: 4 } }]);
});
