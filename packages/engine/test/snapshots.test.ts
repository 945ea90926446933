import type { RunEvent } from "@downbeat/domain";
import { expect, test } from "vitest";
import { Fold } from "../src/fold.ts";
import { MemoryStateStore } from "../src/index.ts";
import { Slices } from "../src/slices.ts";
import { Snapshots } from "../src/snapshots.ts";
import { NoRoomForSnapshot, type RunChange, type Saving, type SnapshotHead } from "../src/state-store.ts";
import { take } from "./take.ts";

const wholeIn = 6;

/** Every piece takes a whole slice. */
class SlowStore extends MemoryStateStore {
  pieces = 0;
  failure: Error | undefined;
  clock = { now: 0 };

  override saving(head: SnapshotHead, runs: readonly RunChange[]): Saving {
    const saving = super.saving(head, runs);
    let left = wholeIn;
    return {
      goOn: (isOver = () => false) => {
        if (this.failure !== undefined) throw this.failure;
        do {
          this.pieces += 1;
          this.clock.now += 20;
          left -= 1;
        } while (left > 0 && !isOver());
        return left <= 0 && saving.goOn();
      },
      abandon: () => saving.abandon(),
    };
  }
}

const started: RunEvent = { type: "RunStarted", workflow: "w", input: "1" };

function opened() {
  const store = new SlowStore();
  const fold = new Fold(store);
  const said: string[] = [];
  let deferred: (() => void)[] = [];
  const slices = new Slices({ monotonic: () => store.clock.now, defer: (run) => void deferred.push(run) });
  const snapshots = new Snapshots({
    fold: () => fold,
    slices,
    onRoom: (isThere) => said.push(isThere ? "room" : "no room"),
    onFailure: (error) => said.push(String(error)),
  });
  let last = "c";
  take(fold, { kind: "claim", id: "c", epoch: 1, owner: "o", at: 1 }, "0:1");
  let place = 1;
  const starts = (...runIds: string[]) => {
    const decisions = runIds.map((runId) => ({
      runId,
      workflow: "w",
      inputId: runId,
      seq: 1,
      events: [started],
    }));
    place += 1;
    const id = `d${place}`;
    take(
      fold,
      { kind: "decisions", id, prev: last, claimId: "c", at: 2, dispatchedUpTo: 0, decisions },
      `0:${place}`,
    );
    last = id;
  };
  const turn = async () => {
    const due = deferred;
    deferred = [];
    for (const run of due) run();
    for (let settling = 0; settling < 20; settling++) await Promise.resolve();
  };
  const saved = () => Array.from(store.openRuns(), ({ runId }) => runId);
  return { store, fold, snapshots, said, starts, turn, saved };
}

test("a snapshot that takes long is saved in several turns, and what happens meanwhile is in the next one", async () => {
  const { store, snapshots, starts, turn, saved } = opened();
  starts("a");
  snapshots.save();
  const begun = store.pieces;
  expect(begun).toBeLessThan(wholeIn);
  starts("b");
  snapshots.save();
  expect(store.pieces).toBe(begun);
  while (store.pieces < wholeIn) await turn();
  expect(saved()).toEqual(["a"]);
  snapshots.saveAtOnce();
  expect(saved()).toEqual(["a", "b"]);
});

test("one that is under way is finished before another is saved at once", () => {
  const { snapshots, starts, saved } = opened();
  starts("a");
  snapshots.save();
  starts("b");
  snapshots.saveAtOnce();
  expect(saved()).toEqual(["a", "b"]);
});

test("one that is given up is not there, and its runs are in the next one", async () => {
  const { snapshots, starts, turn, saved } = opened();
  starts("a");
  snapshots.save();
  snapshots.abandon();
  await turn();
  expect(saved()).toEqual([]);
  snapshots.saveAtOnce();
  expect(saved()).toEqual(["a"]);
});

test("many changed runs don't wait for the next one's time, unless there is no room for it", async () => {
  const { store, snapshots, said, starts, turn, saved } = opened();
  starts("a");
  snapshots.saveIfMany();
  expect(store.pieces).toBe(0);
  starts(...Array.from({ length: 10_000 }, (_, index) => `r${index}`));
  store.failure = new NoRoomForSnapshot("engine.sqlite");
  snapshots.saveIfMany();
  snapshots.saveIfMany();
  snapshots.save();
  expect(said).toEqual(["no room"]);
  store.failure = undefined;
  snapshots.saveIfMany();
  expect(store.pieces).toBe(0);
  snapshots.save();
  while (saved().length === 0) await turn();
  expect(said).toEqual(["no room", "room"]);
  expect(saved()).toHaveLength(10_001);
});

test("that there is no room is said once, and once that there is again", async () => {
  const { store, snapshots, said, starts, turn, saved } = opened();
  starts("a");
  store.failure = new NoRoomForSnapshot("The disk is full.");
  snapshots.saveAtOnce();
  snapshots.saveAtOnce();
  expect(said).toEqual(["no room"]);
  expect(saved()).toEqual([]);
  store.failure = undefined;
  snapshots.saveAtOnce();
  await turn();
  expect(said).toEqual(["no room", "room"]);
  expect(saved()).toEqual(["a"]);
  snapshots.saveAtOnce();
  expect(said).toEqual(["no room", "room"]);
});

test("where nothing has changed nothing is saved, and there is room for it", () => {
  const { store, snapshots, said, starts } = opened();
  starts("a");
  store.failure = new NoRoomForSnapshot("The disk is full.");
  snapshots.saveAtOnce();
  store.failure = undefined;
  snapshots.saveAtOnce();
  const pieces = store.pieces;
  snapshots.save();
  snapshots.saveAtOnce();
  expect(store.pieces).toBe(pieces);
  expect(said).toEqual(["no room", "room"]);
});

test("ten thousand changed runs are many, one fewer are not", () => {
  const { store, snapshots, starts } = opened();
  const runs = Array.from({ length: 9_999 }, (_, index) => `r${index}`);
  starts(...runs);
  snapshots.saveIfMany();
  expect(store.pieces).toBe(0);
  starts("last");
  snapshots.saveIfMany();
  expect(store.pieces).toBeGreaterThan(0);
});

test("one that is given up is not gone on with by the turn that was to do it, and the next one is saved in its own", async () => {
  const { store, snapshots, starts, turn, saved, said } = opened();
  starts("a");
  snapshots.save();
  snapshots.abandon();
  const { pieces } = store;
  snapshots.save();
  const begun = store.pieces - pieces;
  await turn();
  expect(store.pieces - pieces).toBeLessThan(2 * begun + 2);
  while (saved().length === 0) await turn();
  snapshots.save();
  expect(said).toEqual([]);
});

test("after a failure the next one is begun", async () => {
  const { store, snapshots, starts, turn, saved, said } = opened();
  starts("a");
  snapshots.save();
  store.failure = new Error("broke");
  await turn();
  expect(said).toEqual(["Error: broke"]);
  store.failure = undefined;
  snapshots.save();
  while (saved().length === 0) await turn();
  expect(saved()).toEqual(["a"]);
});

test("any other failure is said as it is, and is none of room", () => {
  const { store, snapshots, said, starts } = opened();
  starts("a");
  store.failure = new Error("broke");
  snapshots.saveAtOnce();
  expect(said).toEqual(["Error: broke"]);
});
