import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, openSync, readdirSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync, StatementSync } from "node:sqlite";
import { emptyCursor, evolve, type RunEvent, type RunState } from "@downbeat/domain";
import type { Position } from "@downbeat/message-log";
import type { Decision } from "@downbeat/protocol";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { Fold } from "../src/fold.ts";
import { NoRoomForSnapshot, SqliteStateStores } from "../src/index.ts";
import { KnownRuns } from "../src/known-runs.ts";
import type { RunChange } from "../src/state-store.ts";
import { take } from "./take.ts";

const head = {
  position: "1:1" as Position,
  cursor: emptyCursor,
  barrenClaims: 0,
  at: 1,
  dispatchedUpTo: 0,
  undispatched: [],
};

function scratchFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "downbeat-store-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "engine.sqlite");
}

function damage(path: string, from: number, length: number): void {
  writeSync(openSync(path, "r+"), randomBytes(length), 0, length, from);
}

test("what was saved is there when the file is opened again", () => {
  const path = scratchFile();
  const first = new SqliteStateStores(path, () => {});
  first.partition(0).saving(head, []).goOn();
  first.close();
  const second = new SqliteStateStores(path, () => {});
  expect(second.partition(0).head()).toEqual(head);
  expect(second.rebuilt).toBeUndefined();
  second.close();
});

test("a file whose beginning is damaged is begun again, and it says so", () => {
  const path = scratchFile();
  const first = new SqliteStateStores(path, () => {});
  first.partition(0).saving(head, []).goOn();
  first.close();
  damage(path, 0, 4_096);
  const second = new SqliteStateStores(path, () => {});
  onTestFinished(() => second.close());
  expect(second.rebuilt).toContain("not a database");
  expect(second.partition(0).head()).toBeUndefined();
});

test("a file that is found damaged later is deleted, and its owner told to begin again", () => {
  const path = scratchFile();
  const first = new SqliteStateStores(path, () => {});
  first.partition(0).saving(head, []).goOn();
  first.close();
  const told: Error[] = [];
  const second = new SqliteStateStores(path, (error) => told.push(error));
  onTestFinished(() => second.close());
  // Everything after the first page: the tables themselves.
  damage(path, 4_096, 4_096 * 8);
  expect(() => second.partition(0).reset()).toThrow();
  expect(told).toHaveLength(1);
  // What the process was at is no part of it.
  expect(readdirSync(join(path, ".."))).toEqual(["engine.sqlite-work"]);
});

function started(runId: string): RunChange {
  const event = { type: "RunStarted", workflow: "w", input: "1" } as const;
  const state: RunState = evolve(undefined, event, { runId, seq: 1, at: 1, inputId: "i" });
  return { runId, state, saved: 0, kept: 0, added: [{ seq: 1, at: 1, event }] };
}

const started100 = Array.from({ length: 100 }, (_, index) => started(`r${index}`));

function opened() {
  const path = scratchFile();
  const damaged: Error[] = [];
  const stores = new SqliteStateStores(path, (error) => damaged.push(error));
  const isClosed = { is: false };
  const close = () => {
    if (!isClosed.is) stores.close();
    isClosed.is = true;
  };
  onTestFinished(close);
  const [first, second] = [stores.partition(0), stores.partition(1)];
  // As every owner does first.
  for (const store of [first, second]) store.head();
  const again = () => {
    close();
    const reopened = new SqliteStateStores(path, () => {});
    onTestFinished(() => reopened.close());
    return reopened;
  };
  return { path, stores, damaged, first, second, close, again };
}

test("a save is done in pieces, and whole or not there", () => {
  const { first, again } = opened();
  const saving = first.saving(head, started100);
  let pieces = 0;
  while (!saving.goOn(() => true)) pieces += 1;
  expect(pieces).toBeGreaterThan(100);
  first.saving({ ...head, at: 2 }, [started("late")]).goOn(() => true);
  // As when the process dies in the midst of it.
  const abandoned = first.saving({ ...head, at: 3 }, [started("later")]);
  abandoned.goOn(() => true);
  abandoned.abandon();
  expect(() => abandoned.goOn()).toThrow("abandoned");
  const reopened = again().partition(0);
  expect(reopened.head()?.at).toBe(2);
  expect(reopened.run("r99")?.history).toHaveLength(1);
  expect(reopened.run("late")?.history).toHaveLength(1);
  expect(reopened.run("later")).toBeUndefined();
});

test("a save that waits for another partition's helps it along", () => {
  const { first, second, again } = opened();
  const slow = first.saving(head, started100);
  slow.goOn(() => true);
  const other = second.saving(head, [started("s")]);
  while (!other.goOn(() => true));
  expect(slow.goOn(() => true)).toBe(true);
  const reopened = again();
  expect(reopened.partition(0).run("r99")).toBeDefined();
  expect(reopened.partition(1).run("s")).toBeDefined();
});

test("what is noted of commands while a save is under way is there at once, and stays when the save is given up", () => {
  const { first, second, again } = opened();
  const saving = first.saving(head, started100);
  saving.goOn(() => true);
  second.trials.begin("c1");
  saving.abandon();
  const late = first.saving(head, [started("late")]);
  late.goOn(() => true);
  second.reset();
  late.abandon();
  const reopened = again();
  expect(reopened.partition(1).trials.any()).toBe(true);
  // It was brought to its end first.
  expect(reopened.partition(0).run("late")).toBeDefined();
});

test("a reset takes a save that is under way with it", () => {
  const { first, again } = opened();
  const saving = first.saving(head, started100);
  saving.goOn(() => true);
  first.reset();
  expect(() => saving.goOn()).toThrow("abandoned");
  expect(first.run("r0")).toBeUndefined();
  const reopened = again().partition(0);
  expect(reopened.head()).toBeUndefined();
  expect([...reopened.openRuns()]).toEqual([]);
});

test("runs that were written are known, however many there are, and hardly any other is taken for one", () => {
  const known = new KnownRuns();
  for (let index = 0; index < 20_000; index++) known.add(`booking-${index * 4}`);
  for (let index = 0; index < 20_000; index++) expect(known.mayHold(`booking-${index * 4}`)).toBe(true);
  const others = Array.from({ length: 20_000 }, (_, index) => known.mayHold(`other-${index}`));
  expect(others.filter((is) => is).length).toBeLessThan(20);
});

test("runs that are over are forgotten after their time, some with each save, and open ones never", () => {
  let passed = 0;
  const stores = new SqliteStateStores(
    scratchFile(),
    () => {},
    1_000,
    () => passed,
  );
  onTestFinished(() => stores.close());
  const store = stores.partition(0);
  const closed = (runId: string, closedAt: number): RunChange => {
    const state: RunState = {
      status: "completed",
      runId,
      workflow: "w",
      startId: "s",
      seq: 2,
      lastAt: closedAt,
      actions: null,
      unanswered: null,
      closedAt,
    };
    return { runId, state, saved: 0, kept: 0, added: [] };
  };
  const ids = Array.from({ length: 500 }, (_, index) => `r${index}`);
  store.saving({ ...head, at: 500 }, [...ids.map((id, index) => closed(id, index)), started("open")]).goOn();
  const known = () => ids.filter((id) => store.run(id) !== undefined);
  expect(known()).toHaveLength(500);
  // Nothing is known of the time before.
  for (let saves = 0; saves < 3; saves++) store.saving({ ...head, at: 1_300 }, []).goOn();
  expect(known()).toHaveLength(500);
  passed = 86_400_000;
  for (let saves = 0; saves < 3; saves++) store.saving({ ...head, at: 1_300 }, []).goOn();
  expect(known()).toEqual(ids.slice(300));
  // A clock that was set to years ahead, for minutes.
  passed += 100;
  for (let saves = 0; saves < 3; saves++) store.saving({ ...head, at: 1_000_000_000_000 }, []).goOn();
  expect(known()).toEqual(ids.slice(400));
  expect(store.run("open")?.state.status).toBe("running");
});

test("open runs are known with what time will do to them first, if anything", () => {
  const { first, again } = opened();
  const fold = new Fold(first);
  const base = { workflow: "w", inputId: "i", seq: 1 } as const;
  const start = { type: "RunStarted", workflow: "w", input: "1" } as const;
  const timer = { type: "TimerSet", timerId: "t1", generation: 1, dueAt: 5_000 } as const;
  take(fold, { kind: "claim", id: "c", epoch: 1, owner: "o", at: 1 }, "0:1");
  take(
    fold,
    {
      kind: "decisions",
      id: "d1",
      prev: "c",
      claimId: "c",
      at: 2,
      dispatchedUpTo: 0,
      decisions: [
        { ...base, runId: "naps", events: [start, timer] },
        { ...base, runId: "waits", events: [start] },
        { ...base, runId: "over", events: [start, { type: "RunCompleted", output: "1" }] },
        { ...base, runId: "bad", events: [start, start] },
      ],
    },
    "0:2",
  );
  fold.save(0);
  expect([...again().partition(0).openRuns()]).toEqual([
    { runId: "bad", dueAt: undefined },
    { runId: "naps", dueAt: 6_000 },
    { runId: "waits", dueAt: undefined },
  ]);
});

test("what another version wrote is thrown away", () => {
  const { first, path, close, again } = opened();
  first.saving(head, [started("r")]).goOn();
  close();
  const db = new DatabaseSync(path);
  db.exec("UPDATE head SET version = '3'");
  db.close();
  const reopened = again().partition(0);
  expect(reopened.head()).toBeUndefined();
  expect(reopened.run("r")).toBeUndefined();
  expect([...reopened.openRuns()]).toEqual([]);
});

test("a path that can't be opened is said, and nothing of it deleted", () => {
  const path = scratchFile();
  expect(() => new SqliteStateStores(dirname(path), () => {})).toThrow("unable to open database file");
  expect(existsSync(dirname(path))).toBe(true);
});

test("closing brings a save to its end, and takes no notes any more", () => {
  const { first, path, stores, close, again } = opened();
  // Written without waiting for the disk.
  expect(existsSync(`${path}-wal`)).toBe(true);
  first.saving(head, started100).goOn(() => true);
  close();
  expect(() => stores.partition(0)).toThrow();
  expect(() => first.trials.deciding("c")).toThrow("EBADF");
  expect(again().partition(0).head()).toEqual(head);
});

test("a piece of a save is one run, or fifty of its events", () => {
  const { first } = opened();
  const run = vi.spyOn(StatementSync.prototype, "run");
  onTestFinished(() => run.mockRestore());
  const event = { type: "LabelsSet", labels: {} } as const;
  const long = {
    ...started("long"),
    added: Array.from({ length: 120 }, (_, index) => ({ seq: index + 1, at: 1, event })),
  };
  const saving = first.saving(head, [long, started("b")]);
  const pieces: number[] = [];
  for (let isDone = false; !isDone; ) {
    run.mockClear();
    isDone = saving.goOn(() => true);
    pieces.push(run.mock.calls.length);
  }
  expect(pieces.filter((count) => count > 0)).toEqual([50, 50, 20, 1, 1, 1, 1]);
});

describe("A save that fails", () => {
  /** The call of a statement or of the file itself throws as SQLite does, this time. */
  function failing(what: "run" | "BEGIN", errcode: number) {
    const error = Object.assign(new Error("it failed"), { errcode });
    const spy =
      what === "run"
        ? vi.spyOn(StatementSync.prototype, "run").mockImplementationOnce(() => {
            throw error;
          })
        : vi.spyOn(DatabaseSync.prototype, "exec").mockImplementationOnce(() => {
            throw error;
          });
    onTestFinished(() => spy.mockRestore());
    return error;
  }

  test.each(["run", "BEGIN"] as const)(
    "for want of room says so, leaves all as it was, and may be tried again (%s)",
    (what) => {
      const { first, path, again } = opened();
      first.saving(head, [started("a")]).goOn();
      // SQLITE_FULL, as some systems extend it.
      const error = failing(what, 13 + 256);
      const saving = first.saving({ ...head, at: 2 }, [started("b")]);
      let thrown: unknown;
      try {
        saving.goOn();
      } catch (failure) {
        thrown = failure;
      }
      expect(thrown).toBeInstanceOf(NoRoomForSnapshot);
      expect(thrown).toMatchObject({
        name: "NoRoomForSnapshot",
        cause: error,
        message: expect.stringContaining(`(${path}) is full`),
      });
      expect(first.head()?.at).toBe(1);
      expect(first.run("b")).toBeUndefined();
      first.saving({ ...head, at: 3 }, [started("c")]).goOn();
      expect(again().partition(0).head()?.at).toBe(3);
    },
  );

  test("for another reason says that", () => {
    const { first } = opened();
    const error = failing("run", 10);
    expect(() => first.saving(head, [started("a")]).goOn()).toThrow(error);
    const plain = vi.spyOn(StatementSync.prototype, "run").mockImplementationOnce(() => {
      throw new TypeError("no");
    });
    onTestFinished(() => plain.mockRestore());
    expect(() => first.saving(head, [started("a")]).goOn()).toThrow(TypeError);
  });

  test("while it is helped along by another's says so to whoever began it", () => {
    const { first, second } = opened();
    const slow = first.saving(head, started100);
    slow.goOn(() => true);
    failing("run", 13);
    second.saving(head, [started("s")]).goOn();
    expect(second.run("s")).toBeDefined();
    expect(() => slow.goOn()).toThrow(NoRoomForSnapshot);
    expect(first.run("r0")).toBeUndefined();
  });

  test("at a reset is damage only where SQLite says so", () => {
    const { first, damaged } = opened();
    const error = failing("run", 13);
    expect(() => first.reset()).toThrow(error);
    expect(damaged).toEqual([]);
  });
});

test("a save that waits for another's goes on with that alone, a piece at a time", () => {
  const { first, second } = opened();
  const slow = first.saving(head, started100);
  slow.goOn(() => true);
  const other = second.saving(head, [started("s")]);
  let pieces = 0;
  while (second.run("s") === undefined) {
    other.goOn(() => true);
    pieces += 1;
  }
  expect(pieces).toBeGreaterThan(100);
});

test("giving up what is done takes nothing of what another has under way", () => {
  const { first, second, again } = opened();
  const done = first.saving(head, [started("a")]);
  done.goOn();
  const other = second.saving(head, [started("b")]);
  other.goOn(() => true);
  done.abandon();
  other.goOn();
  expect(done.goOn()).toBe(true);
  const reopened = again();
  expect(reopened.partition(0).run("a")).toBeDefined();
  expect(reopened.partition(1).run("b")).toBeDefined();
});

test("giving up what has not begun leaves what another has under way", () => {
  const { first, second, again } = opened();
  const other = second.saving(head, [started("b")]);
  other.goOn(() => true);
  first.saving(head, [started("a")]).abandon();
  other.goOn();
  expect(again().partition(1).run("b")).toBeDefined();
});

test("a run that is over leaves none of its events in the file, and one that is set aside those before the damage", () => {
  const { first, path, close } = opened();
  const fold = new Fold(first);
  const part = (runId: string, seq: number, ...events: RunEvent[]) => ({
    runId,
    workflow: "w",
    inputId: `${runId}-${seq}`,
    seq,
    events,
  });
  const start: RunEvent = { type: "RunStarted", workflow: "w", input: "1" };
  const label: RunEvent = { type: "LabelsSet", labels: {} };
  const decided = (id: string, prev: string, ...decisions: Decision[]) =>
    ({ kind: "decisions", id, prev, claimId: "c", at: 2, dispatchedUpTo: 0, decisions }) as const;
  take(fold, { kind: "claim", id: "c", epoch: 1, owner: "o", at: 1 }, "0:0");
  take(fold, decided("d1", "c", part("over", 1, start, label), part("bad", 1, start, label)), "0:1");
  fold.save(0);
  const end: RunEvent = { type: "RunCompleted", output: "1" };
  take(fold, decided("d2", "d1", part("over", 3, end), part("bad", 9, label)), "0:2");
  fold.save(0);
  close();
  const db = new DatabaseSync(path);
  onTestFinished(() => db.close());
  expect(db.prepare("SELECT run_id, seq FROM event ORDER BY run_id, seq").all()).toEqual([
    { run_id: "bad", seq: 1 },
    { run_id: "bad", seq: 2 },
  ]);
});
