import type { RunEvent } from "@downbeat/domain";
import type { Position } from "@downbeat/message-log";
import type { Claim, Decision, DecisionRecord, HistoryRecord } from "@downbeat/protocol";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Fold } from "../src/fold.ts";
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

  test("counts owners that came to nothing, and begins anew with the first record of decisions", () => {
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
