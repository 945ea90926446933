import { randomBytes } from "node:crypto";
import { mkdtempSync, openSync, readdirSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { emptyCursor, evolve, type RunState } from "@downbeat/domain";
import type { Position } from "@downbeat/message-log";
import { expect, onTestFinished, test } from "vitest";
import { SqliteStateStores } from "../src/index.ts";
import { KnownRuns } from "../src/known-runs.ts";
import type { RunChange } from "../src/state-store.ts";

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

test("a file whose beginning is damaged is begun anew, and it says so", () => {
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
  const stores = new SqliteStateStores(path, () => {});
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
  return { first, second, again };
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
  const stores = new SqliteStateStores(scratchFile(), () => {}, 1_000);
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
  for (let saves = 0; saves < 3; saves++) store.saving({ ...head, at: 1_300 }, []).goOn();
  expect(known()).toEqual(ids.slice(300));
  expect(store.run("open")?.state.status).toBe("running");
});
