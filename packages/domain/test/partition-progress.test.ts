import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PartitionProgress } from "../src/partition-progress.ts";
import { type PartitionTrouble, troubleOf, troubleSentence } from "../src/partition-trouble.ts";

const gap = 3_000;

interface Look {
  readonly waiting: number;
  readonly hasOwner?: boolean;
  readonly decided?: boolean;
  readonly afterMs?: number;
}

function watch(looks: readonly Look[]) {
  const progress = new PartitionProgress(2 * gap);
  let at = 1_000;
  for (const { waiting, hasOwner = true, decided = false, afterMs = gap } of looks) {
    at += afterMs;
    if (decided) progress.decided();
    progress.look({ at, waiting, hasOwner });
  }
  return progress;
}

const times = (count: number, look: Look): Look[] => Array.from({ length: count }, () => look);

test("a partition in which nothing waits may be silent forever", () => {
  const progress = watch(times(10_000, { waiting: 0 }));
  expect(progress.figures).toEqual({ waiting: 0, stalledMs: 0, unownedMs: 0 });
});

test("commands that wait while none is decided are a trouble after ten seconds, and none after the next decision", () => {
  const stalled = watch([{ waiting: 0 }, { waiting: 11 }, ...times(4, { waiting: 12 })]);
  expect(troubleOf(3, stalled.figures, "engine-a")).toEqual({
    partition: 3,
    kind: "stalled",
    waiting: 12,
    forMs: 12_000,
    owner: "engine-a",
  });
  stalled.decided();
  expect(troubleOf(3, stalled.figures, "engine-a")).toBeUndefined();
});

test("a start and a take-over of a few seconds are none", () => {
  const looks = [...times(2, { waiting: 4, hasOwner: false }), ...times(2, { waiting: 9 })];
  expect(troubleOf(0, watch(looks).figures, undefined)).toBeUndefined();
});

test("a busy partition always has something waiting, and is fine", () => {
  expect(watch(times(1_000, { waiting: 500, decided: true })).figures.stalledMs).toBe(0);
  const repeated = Array.from({ length: 100 }, (_, index) => ({ waiting: 1_000 - index }));
  expect(watch(repeated).figures.stalledMs).toBe(0);
});

test("an owner that comes and goes and decides nothing is a trouble", () => {
  const looks = Array.from({ length: 10 }, (_, index) => ({
    waiting: 1 + index,
    hasOwner: index % 2 === 0,
  }));
  expect(troubleOf(0, watch(looks).figures, "engine-a")?.kind).toBe("stalled");
});

test("a partition without an engine is a trouble, whether something waits or not", () => {
  const trouble = troubleOf(0, watch(times(6, { waiting: 0, hasOwner: false })).figures, undefined);
  expect(trouble).toEqual({ partition: 0, kind: "unowned", waiting: 0, forMs: 15_000 });
});

test("a pause of the one who looks, or a clock that is set, raises no alarm", () => {
  for (const afterMs of [7_200_000, -7_200_000, 0]) {
    const figures = watch([...times(2, { waiting: 3 }), { waiting: 3, afterMs }]).figures;
    expect(troubleOf(0, figures, undefined)).toBeUndefined();
  }
});

test("no trouble is ever told of a partition that decides at least every nine seconds while an engine is there", () => {
  const look = fc.record({ waiting: fc.nat(20), afterMs: fc.integer({ min: -5_000, max: 3_000 }) });
  fc.assert(
    fc.property(fc.array(fc.tuple(look, look), { maxLength: 200 }), (pairs) => {
      const progress = new PartitionProgress(2 * gap);
      let at = 0;
      for (const pair of pairs) {
        progress.decided();
        for (const { waiting, afterMs } of pair) {
          at += afterMs;
          progress.look({ at, waiting, hasOwner: true });
          expect(troubleOf(0, progress.figures, undefined)).toBeUndefined();
        }
      }
    }),
  );
});

const stalledIn = (
  partition: number,
  waiting: number,
  forMs: number,
  owner = "engine-a",
): PartitionTrouble => ({
  partition,
  kind: "stalled",
  waiting,
  forMs,
  owner,
});
const unownedIn = (partition: number, waiting: number, forMs: number): PartitionTrouble => ({
  partition,
  kind: "unowned",
  waiting,
  forMs,
});

test.each([
  [[], undefined],
  [
    [stalledIn(3, 12, 40_900)],
    "Partition 3: 12 commands wait, nothing was decided for 40 s (owner engine-a).",
  ],
  [
    [stalledIn(1, 1, 10_000), stalledIn(4, 0, 130_000, "engine-b")],
    "Partitions 1 and 4: 1 command waits, nothing was decided for 2 min (owner engine-a, engine-b).",
  ],
  [[unownedIn(2, 0, 15_000)], "Partition 2 has had no engine for 15 s."],
  [
    [unownedIn(2, 1, 15_000), unownedIn(5, 2, 9_000_000)],
    "Partitions 2 and 5 have had no engine for 2 h; 3 commands wait.",
  ],
  [
    Array.from({ length: 8 }, (_, partition) => unownedIn(partition, 1, 33_000)),
    "None of the 8 partitions has had an engine for 33 s; 8 commands wait.",
  ],
  [
    [
      ...Array.from({ length: 7 }, (_, partition) => stalledIn(partition, 1, 12_000)),
      unownedIn(7, 0, 11_000),
    ],
    "Partition 7 has had no engine for 11 s. Partitions 0, 1, 2, 3, 4 and 2 others: 7 commands wait, nothing was decided for 12 s (owner engine-a).",
  ],
])("says it in a sentence: %#", (troubles, sentence) => {
  expect(troubleSentence(troubles, 8)).toBe(sentence);
});

test("an owner at either of two looks was there between them", () => {
  const looks = [{ waiting: 0, hasOwner: true }, ...times(3, { waiting: 0, hasOwner: false })];
  expect(watch(looks).figures.unownedMs).toBe(2 * gap);
  expect(watch([...looks, { waiting: 0, hasOwner: true }]).figures.unownedMs).toBe(0);
  expect(watch(times(3, { waiting: 0, hasOwner: false })).figures.unownedMs).toBe(2 * gap);
});

test("a decision between two looks counts for these two only", () => {
  const progress = watch([{ waiting: 5 }, { waiting: 5, decided: true }, { waiting: 5 }, { waiting: 5 }]);
  expect(progress.figures.stalledMs).toBe(2 * gap);
});

test("nothing is known before the first look, nor after everything is forgotten", () => {
  const none = { waiting: 0, stalledMs: 0, unownedMs: 0 };
  expect(new PartitionProgress(gap).figures).toEqual(none);
  const progress = watch(times(5, { waiting: 4, hasOwner: false }));
  expect(progress.figures).toEqual({ waiting: 4, stalledMs: 4 * gap, unownedMs: 4 * gap });
  progress.forget();
  expect(progress.figures).toEqual(none);
  progress.look({ at: 1_000_000, waiting: 4, hasOwner: false });
  expect(progress.figures).toEqual({ ...none, waiting: 4 });
});

test("a trouble begins with the time that is given, and says the owner only where one is known", () => {
  const unowned = { waiting: 3, stalledMs: 0, unownedMs: 500 };
  expect(troubleOf(1, unowned, undefined, 501)).toBeUndefined();
  expect(troubleOf(1, unowned, undefined, 500)).toStrictEqual({
    partition: 1,
    waiting: 3,
    kind: "unowned",
    forMs: 500,
  });
  const stalled = { waiting: 3, stalledMs: 500, unownedMs: 0 };
  expect(troubleOf(1, stalled, "a", 501)).toBeUndefined();
  expect(troubleOf(1, stalled, "a", 500)).toMatchObject({ kind: "stalled", owner: "a" });
});

describe("What is said of troubles", () => {
  const unowned = (partition: number, forMs = 12_999, waiting = 0): PartitionTrouble => ({
    partition,
    kind: "unowned",
    waiting,
    forMs,
  });
  const stalled = (partition: number, owner?: string): PartitionTrouble => ({
    partition,
    kind: "stalled",
    waiting: 1,
    forMs: 20_000,
    ...(owner !== undefined && { owner }),
  });

  test.each([
    [[unowned(0)], 1, "Partition 0 has had no engine for 12 s."],
    [[unowned(0), unowned(1)], 2, "None of the 2 partitions has had an engine for 12 s."],
    [[unowned(0, 119_999)], 2, "Partition 0 has had no engine for 119 s."],
    [[unowned(0, 120_000)], 2, "Partition 0 has had no engine for 2 min."],
    [[unowned(0, 7_199_999)], 2, "Partition 0 has had no engine for 119 min."],
    [[unowned(0, 7_200_000)], 2, "Partition 0 has had no engine for 2 h."],
    [
      [unowned(0, 12_000, 1), unowned(3, 15_000, 1)],
      4,
      "Partitions 0 and 3 have had no engine for 15 s; 2 commands wait.",
    ],
    [[stalled(0)], 1, "Partition 0: 1 command waits, nothing was decided for 20 s."],
    [
      [stalled(0, "a"), stalled(1, "a"), stalled(2)],
      3,
      "Partitions 0, 1 and 2: 3 commands wait, nothing was decided for 20 s (owner a).",
    ],
    [
      [0, 1, 2, 3, 4, 5].map((n) => stalled(n, `e${n}`)),
      9,
      "Partitions 0, 1, 2, 3, 4 and 5: 6 commands wait, nothing was decided for 20 s (owner e0, e1, e2, e3, e4).",
    ],
    [
      [0, 1, 2, 3, 4, 5, 6].map((n) => stalled(n)),
      9,
      "Partitions 0, 1, 2, 3, 4 and 2 others: 7 commands wait, nothing was decided for 20 s.",
    ],
  ])("%j of %i", (troubles, partitions, sentence) => {
    expect(troubleSentence(troubles, partitions)).toBe(sentence);
  });
});
