import type { Flushed, ProjectionFeed, ReadModel } from "@downbeat/read-model";
import { expect, test } from "vitest";
import type { CauseMark } from "../views.ts";
import { decodeLiveCursor, encodeLiveCursor } from "./event-id.ts";
import { LiveState } from "./live-state.ts";

function feed() {
  const flushed = new Set<(flushed: Flushed) => void>();
  const rebuilt = new Set<(reason: string) => void>();
  const state = { change: 0 };
  const fake: ProjectionFeed = {
    generation: "g",
    get change() {
      return state.change;
    },
    freshness: () => ({ completeTo: 0, behind: 0, live: true }),
    status: () => ({
      connected: true,
      caughtUp: true,
      partitions: 1,
      records: 0,
      events: 0,
      flushMs: 0,
      leftOut: 0,
      writeSide: [],
    }),
    onFlushed: (listener) => {
      flushed.add(listener);
      return () => flushed.delete(listener);
    },
    backfill: async () => {},
    onRebuilt: (listener) => {
      rebuilt.add(listener);
      return () => rebuilt.delete(listener);
    },
  };
  return {
    fake,
    flush(...runIds: string[]) {
      state.change++;
      for (const listener of flushed)
        listener({ change: state.change, runIds, refusals: 0, records: 1, events: 1 });
    },
    rebuild() {
      state.change = 0;
      for (const listener of rebuilt) listener("test");
    },
  };
}

const zeroCounts = {
  running: 0,
  waiting: 0,
  stuck: 0,
  completed: 0,
  failed: 0,
  cancelled: 0,
  terminated: 0,
};

function partsOf(feed: ProjectionFeed) {
  const waits = { runs: 0, known: [] };
  // Only totals are asked of the read model, and not by most.
  return { feed, readModel: {} as ReadModel, waits, marks: { known: [] }, now: () => 0 };
}

test("what changed since then, newest first, each run once", () => {
  const { fake, flush } = feed();
  const live = new LiveState(partsOf(fake));
  flush("a", "b");
  flush("c");
  flush("a");
  expect(live.changedSince(0)).toEqual(["a", "c", "b"]);
  expect(live.changedSince(2)).toEqual(["a"]);
  expect(live.changedSince(3)).toEqual([]);
});

test("too long ago, or another life of the read model: not known", () => {
  const { fake, flush, rebuild } = feed();
  const live = new LiveState(partsOf(fake));
  for (let change = 0; change < 2_500; change++) flush(`run-${change}`);
  expect(live.changedSince(499)).toBeUndefined();
  expect(live.changedSince(500)).toHaveLength(2_000);
  expect(live.changedSince(9_999)).toBeUndefined();
  rebuild();
  flush("x");
  expect(live.changedSince(0)).toEqual(["x"]);
  expect(live.changedSince(500)).toBeUndefined();
});

test("a server that has just started knows nothing of before", () => {
  const { fake, flush } = feed();
  flush("a");
  flush("b");
  const live = new LiveState(partsOf(fake));
  expect(live.changedSince(1)).toBeUndefined();
  expect(live.changedSince(2)).toEqual([]);
});

test("event ids survive the way there and back; others are no ids", () => {
  for (const seqs of [[], [0], [7, 0, 12]]) {
    const cursor = { generation: "a1b2", change: 7, seqs };
    const runIds = seqs.map((_, index) => `r-${index}`);
    const id = encodeLiveCursor(cursor, runIds);
    expect(decodeLiveCursor(id, runIds)).toEqual(cursor);
    // Of other runs, the numbers of events mean nothing.
    expect(decodeLiveCursor(id, ["others"])).toEqual({ ...cursor, seqs: [] });
  }
  for (const text of ["", "7", "a-b", "a-x", "a-1-2-3", "a-1-2.x", "-1"])
    expect(decodeLiveCursor(text, []), text).toBeUndefined();
});

test("of the runs that need a person those of which nobody need be told are counted at once when somebody says something, and else as seldom as it takes long", () => {
  const { fake, flush } = feed();
  const state = {
    marks: [] as readonly CauseMark[],
    stuck: 5,
    aside: 2,
    asked: 0,
    now: 0,
    tookMs: 50,
    waiting: {},
  };
  // All that is asked: what is set aside, and not what there is in all.
  const readModel = {
    counts: () => ({ ...zeroCounts, stuck: state.stuck }),
    setAsideRuns: () => {
      state.asked++;
      state.now += state.tookMs;
      return { stuck: state.stuck, setAside: state.aside, ...state.waiting };
    },
  } as unknown as ReadModel;
  const waits = { runs: 1, known: [] };
  const marks = {
    get known() {
      return state.marks;
    },
  };
  const live = new LiveState({ feed: fake, readModel, waits, marks, now: () => state.now });
  const told = () => {
    const { attention, attentionSetAside } = live.totals();
    return { attention, attentionSetAside };
  };
  expect(told()).toEqual({ attention: 6, attentionSetAside: 0 });
  expect(state.asked).toBe(0);
  state.marks = [{ fingerprint: "a", version: 1, by: "ada", at: 0, about: { title: "", message: "" } }];
  for (const _ of [1, 2]) expect(told()).toEqual({ attention: 6, attentionSetAside: 2 });
  expect(state.asked).toBe(1);
  // A thousand more fall under what is set aside: nobody is alarmed for the time until they are counted.
  Object.assign(state, { stuck: 1_005, aside: 1_002 });
  flush("one");
  state.now = 999;
  expect(told()).toEqual({ attention: 6, attentionSetAside: 2 });
  state.now = 1_000;
  expect(told()).toEqual({ attention: 1_006, attentionSetAside: 1_002 });
  state.aside = 3;
  state.marks = [...state.marks];
  expect(told()).toEqual({ attention: 1_006, attentionSetAside: 3 });
  // Where what waits is set aside as well, it is counted at the same moment.
  Object.assign(state, { marks: [...state.marks], aside: 1_009, waiting: { waiting: 7 } });
  expect(told()).toEqual({ attention: 1_012, attentionSetAside: 1_009 });
  expect(state.asked).toBe(4);
});
