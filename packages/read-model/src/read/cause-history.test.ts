import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { openCache } from "../cache.ts";
import { damageFingerprint, fingerprint } from "../derive/fingerprint.ts";
import { historyOf } from "../test/history-log.ts";
import { randomRun } from "../test/random-run.ts";
import { by, RunDriver, schedule, technical } from "../test/run-driver.ts";
import { scratchDirectory } from "../test/scratch.ts";
import type { AttentionList } from "../views.ts";
import { Projection } from "../write/projection.ts";
import { ReadModel } from "./read-model.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** Midnight, UTC. */
const from = Date.UTC(2026, 9, 5);

const opened: (() => void)[] = [];

afterEach(() => {
  for (const close of opened.splice(0)) close();
});

interface Read {
  readonly now: number;
  readonly flushEvery?: number;
}

function read(runs: readonly RunDriver[], { now, flushEvery = 1_000 }: Read): ReadModel {
  const scratch = scratchDirectory();
  const path = scratch.file("history.sqlite");
  const cache = openCache(path, "test");
  const projection = new Projection(cache, { now: () => now });
  historyOf([...runs]).messages.forEach((message, index) => {
    projection.take(0, message);
    if (index % flushEvery === 0) projection.flush();
  });
  projection.flush();
  cache.close();
  const readModel = new ReadModel(path, () => now);
  opened.push(() => {
    readModel.close();
    scratch.remove();
  });
  return readModel;
}

function groupsOf(readModel: ReadModel): AttentionList["groups"] {
  return readModel.attention({ limit: 1 }).groups;
}

/** A run that is stuck with a job at that moment. */
function stuckAt(runId: string, at: number, failure = technical("Timeout", "no answer")): RunDriver {
  return new RunDriver(runId, at)
    .do(
      { type: "StartRun", workflow: "bookTrip", input: "1" },
      schedule("j1", "bookHotel", 1, { options: { retry: { maxAttempts: 1 } } }),
    )
    .fail("j1", failure);
}

/** Without a digit, which a fingerprint leaves out. */
const nameOf = (index: number): string =>
  `Error${String.fromCharCode(97 + (index % 26), 97 + Math.floor(index / 26))}`;

const sum = (counts: readonly number[]): number => counts.reduce((all, n) => all + n, 0);

test("a cause tells when it first and last stopped something and how often, whatever became of it, and however it was folded", () => {
  const histories = fc.array(fc.array(fc.nat(100_000), { minLength: 1, maxLength: 25 }), {
    minLength: 1,
    maxLength: 12,
  });
  fc.assert(
    fc.property(histories, fc.integer({ min: 1, max: 5 }), (drawn, flushEvery) => {
      const runs = drawn.map((choices, index) => randomRun(`run-${index}`, from + index * 1_000, choices));
      const stops = new Map<string, number[]>();
      for (const run of runs)
        for (const { at, events } of run.steps)
          for (const event of events) {
            if (event.type !== "JobStuck" && event.type !== "RunStuck") continue;
            const type = event.type === "JobStuck" ? typeOf(run, event.jobId) : undefined;
            const cause = fingerprint(type, event.failure);
            stops.set(cause, [...(stops.get(cause) ?? []), at]);
          }
      const readModel = read(runs, { now: from + 2 * hour, flushEvery });
      for (const group of groupsOf(readModel)) {
        const at = stops.get(group.fingerprint) ?? [];
        expect(group.firstSeen).toBe(Math.min(...at));
        expect(group.lastSeen).toBe(Math.max(...at));
        expect(sum(group.trend?.counts ?? [])).toBe(at.length);
        expect(at.length).toBeGreaterThanOrEqual(group.count);
        expect(group.firstSeen).toBeLessThanOrEqual(group.oldest);
        const { lookedAt, runs: inAll } = readModel.causeScope(group.fingerprint, []);
        expect([lookedAt, inAll]).toEqual([group.runs, group.runs]);
      }
      for (const close of opened.splice(0)) close();
    }),
    { numRuns: 40 },
  );
});

function typeOf(run: RunDriver, jobId: string): string | undefined {
  for (const { events } of run.steps)
    for (const event of events)
      if (event.type === "JobScheduled" && event.jobId === jobId) return event.jobType;
  return undefined;
}

test("a young cause is shown in tens of minutes, one of today in hours, an older one over a week", () => {
  const now = from + 12 * hour + 5 * minute;
  const trendAt = (...ages: number[]) => {
    const runs = ages
      .toSorted((one, other) => other - one)
      .map((age, index) => stuckAt(`run-${index}`, now - age));
    const [group] = groupsOf(read(runs, { now }));
    return group?.trend;
  };
  const young = trendAt(30 * minute, 2 * minute, minute);
  expect(young).toMatchObject({ bucketMs: 10 * minute, from: from + 8 * hour + 10 * minute });
  expect(young?.counts.slice(-4)).toEqual([1, 0, 0, 2]);
  const ofToday = trendAt(5 * hour, minute);
  expect(ofToday).toMatchObject({ bucketMs: hour });
  expect([ofToday?.counts.length, ofToday?.counts.at(-6), ofToday?.counts.at(-1)]).toEqual([24, 1, 1]);
  const old = trendAt(30 * day, 6 * day, minute);
  expect(old).toMatchObject({ bucketMs: 6 * hour });
  expect([old?.counts.length, sum(old?.counts ?? [])]).toEqual([28, 2]);
});

test("what was mended stays in the history of its cause, and what came back later is new", () => {
  const retried = stuckAt("run-1", from);
  retried.wait(hour).do({ type: "RetryJob", jobId: "j1", ...by("ada", "", "a1") });
  retried.complete("j1", 1, { type: "CompleteRun", output: "1" });
  const readModel = read([retried, stuckAt("run-2", from + 3 * hour)], { now: from + 3 * hour + minute });
  expect(groupsOf(readModel)).toMatchObject([
    { count: 1, oldest: from + 3 * hour, firstSeen: from, lastSeen: from + 3 * hour },
  ]);
});

test("one event of a clock that is ahead forgets nothing of what others have stopped, and what is old is forgotten all the same", () => {
  const hotel = Array.from({ length: 40 }, (_, index) =>
    stuckAt(`hotel-${index}`, from + index * 5 * minute),
  );
  const ahead = stuckAt("ahead", from + 100 * day, technical("Refused", "no"));
  const now = from + 4 * hour;
  const groupAt = (readAt: number, ...runs: RunDriver[]) =>
    groupsOf(read(runs, { now: readAt, flushEvery: 1 })).find(({ count }) => count >= 40);
  const alone = groupAt(now, ...hotel);
  expect(groupAt(now, ...hotel, ahead)).toEqual(alone);
  // What is older than a trend shows has left it.
  const later = groupAt(from + 9 * day, ...hotel, stuckAt("later", from + 9 * day));
  expect(later).toMatchObject({ count: 41, firstSeen: from });
  expect(sum(later?.trend?.counts ?? [])).toBe(1);
});

test("damage has a history like any other cause", () => {
  const damaged = new RunDriver("run-1", from).do({ type: "StartRun", workflow: "bookTrip", input: "1" });
  damaged.wait(1_000).damage();
  const [group] = groupsOf(read([damaged], { now: from + minute }));
  const message = group?.message ?? "";
  expect(group).toMatchObject({ kind: "history", firstSeen: from + 1_000, lastSeen: from + 1_000 });
  expect(group?.fingerprint).toBe(damageFingerprint({ name: "DamagedHistory", message }));
  expect(sum(group?.trend?.counts ?? [])).toBe(1);
});

test("what only waits has the history of what waits now", () => {
  const waiting = [0, 1, 2].map((index) =>
    new RunDriver(`run-${index}`, from + index * 10 * minute).do(
      { type: "StartRun", workflow: "bookTrip", input: "1" },
      schedule("j1", "bookHotel", 1),
    ),
  );
  const readModel = read(waiting, { now: from + 20 * minute });
  const waits = [{ kind: "noWorker", on: "job", name: "bookHotel" }] as const;
  const [group] = readModel.attention({ limit: 1, waits }).groups;
  expect(group).toMatchObject({ firstSeen: from, lastSeen: from + 20 * minute });
  expect(group?.trend?.counts.slice(-3)).toEqual([1, 1, 1]);
});

test("of a service that makes up a new error each time, only so many causes an hour are counted, and each is shown", () => {
  const runs = Array.from({ length: 520 }, (_, index) =>
    stuckAt(`run-${index}`, from + index, technical(nameOf(index), "no answer")),
  );
  const readModel = read(runs, { now: from + minute });
  const { causes, groups } = readModel.attention({ limit: 1 });
  expect([causes, groups.length]).toEqual([520, 200]);
  expect(groups.every(({ firstSeen, oldest }) => firstSeen === oldest)).toBe(true);
});

test("a cause tells which workflows and builds it stops, and which labels its runs share", () => {
  const runs = Array.from({ length: 6 }, (_, index) => {
    const labels = { order: `o-${index}`, region: index < 5 ? "eu" : "us" };
    return new RunDriver(`run-${index}`, from + index, "workers")
      .do({ type: "StartRun", workflow: index < 4 ? "bookTrip" : "bookTour", input: "1", labels })
      .do({
        type: "AnswerQuestion",
        upTo: 1,
        answerId: "answer",
        build: index < 3 ? "v1" : "v2",
        decisions: [schedule("j1", "bookHotel", 1, { options: { retry: { maxAttempts: 1 } } })],
      })
      .fail("j1", technical("Timeout", "no answer"));
  });
  const readModel = read(runs, { now: from + minute });
  const [group] = groupsOf(readModel);
  expect(readModel.causeScope(group?.fingerprint ?? "", [])).toEqual({
    lookedAt: 6,
    runs: 6,
    workflows: [
      { workflow: "bookTrip", build: "v1", runs: 3 },
      { workflow: "bookTour", build: "v2", runs: 2 },
      { workflow: "bookTrip", build: "v2", runs: 1 },
    ],
    labels: [
      {
        key: "region",
        values: 2,
        top: [
          { value: "eu", runs: 5 },
          { value: "us", runs: 1 },
        ],
      },
      {
        key: "order",
        values: 6,
        top: ["o-0", "o-1", "o-2", "o-3", "o-4"].map((value) => ({ value, runs: 1 })),
      },
    ],
  });
  expect(readModel.causeScope("nothing", [])).toEqual({ lookedAt: 0, runs: 0, workflows: [], labels: [] });
});
