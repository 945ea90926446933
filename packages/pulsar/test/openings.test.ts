import { LogError } from "@downbeat/message-log";
import { ManualClock, settled } from "@downbeat/message-log/testing";
import { describe, expect, test } from "vitest";
import { quotaAnswer, whyFull } from "../src/backlog-quota.ts";
import { Budget } from "../src/budget.ts";
import { Openings } from "../src/openings.ts";

const session = { close: async () => {} };
const refused = new LogError("unavailable", "Producer of t: the log answered 503 (terminated).");

function opened() {
  const clock = new ManualClock(0);
  const openings = new Openings(clock, new Budget(4));
  const tries: number[] = [];
  const state = { full: undefined as string | undefined, looks: 0 };
  const open = (connect: () => Promise<typeof session>, path = "producer/t") =>
    openings.open(
      {
        path,
        what: "Producer of t",
        whyFull: async () => {
          state.looks += 1;
          return state.full;
        },
      },
      () => {
        tries.push(clock.now());
        return connect();
      },
    );
  return { clock, tries, state, open };
}

describe("a place that refuses a session", () => {
  test("is tried again after growing pauses, and what asks meanwhile hears the same at once", async () => {
    const { clock, tries, open } = opened();
    for (let passed = 0; passed <= 60_000; passed += 50) {
      await expect(open(() => Promise.reject(refused))).rejects.toBe(refused);
      await clock.advance(50);
    }
    const pauses = tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
    expect(pauses.slice(0, 8)).toEqual([50, 250, 500, 1_000, 2_000, 4_000, 8_000, 10_000]);
    await clock.advance(10_000);
    await expect(open(async () => session)).resolves.toBe(session);
    // It begins again.
    await expect(open(() => Promise.reject(refused))).rejects.toBe(refused);
    await expect(open(async () => session)).resolves.toBe(session);
  });

  test("keeps nobody from another place", async () => {
    const { open } = opened();
    for (let times = 0; times < 5; times++)
      await expect(open(() => Promise.reject(refused))).rejects.toBe(refused);
    await expect(open(async () => session, "producer/other")).resolves.toBe(session);
  });

  test("is tried as often as anybody likes where no broker is there to be spared", async () => {
    const { tries, open } = opened();
    const cause = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    const gone = new LogError("unavailable", "no connection", { cause });
    for (let times = 0; times < 5; times++) await expect(open(() => Promise.reject(gone))).rejects.toBe(gone);
    expect(tries).toHaveLength(5);
  });
});

describe("a producer that the broker leaves without an answer", () => {
  test("fails with what the broker's figures say, and is not tried again before they are better", async () => {
    const { clock, tries, state, open } = opened();
    state.full = "the topic takes no more messages: 24 kB wait in it, and its backlog quota is 10 kB.";
    const never = () => new Promise<never>(() => {});
    const failing = open(never);
    const failed = expect(failing).rejects.toThrow(
      "Producer of t: the topic takes no more messages: 24 kB wait in it, and its backlog quota is 10 kB.",
    );
    await settled();
    await clock.advance(3_000);
    await failed;
    for (let passed = 0; passed < 60_000; passed += 500) {
      await expect(open(never)).rejects.toThrow(/takes no more messages/);
      await clock.advance(500);
    }
    expect(tries).toEqual([0]);
    expect(state.looks).toBeLessThan(35);
    state.full = undefined;
    await clock.advance(2_000);
    await expect(open(async () => session)).resolves.toBe(session);
  });

  test("waits long when nothing says why", async () => {
    const { clock, tries, open } = opened();
    const hangs = () =>
      new Promise<never>((_, reject) => {
        clock.setTimer(() => reject(new LogError("unavailable", "timed out")), 15_000);
      });
    for (let passed = 0; passed < 200_000; passed += 1_000) {
      open(hangs).catch(() => {});
      await clock.advance(1_000);
    }
    // Of those that asked at the same time, only some at once; then none for a while.
    expect(tries.length).toBeLessThan(30);
  });

  test("makes other producers ask before they are tried", async () => {
    const { clock, tries, state, open } = opened();
    state.full = "full.";
    const first = open(() => new Promise<never>(() => {}));
    const failed = expect(first).rejects.toThrow(/full/);
    await settled();
    await clock.advance(3_000);
    await failed;
    await expect(open(async () => session, "producer/second")).rejects.toThrow(/full/);
    expect(tries).toEqual([0]);
  });
});

test("a process has only some handshakes under way", async () => {
  const { open } = opened();
  let underWay = 0;
  let most = 0;
  const finish: (() => void)[] = [];
  const all = Array.from({ length: 20 }, (_, index) =>
    open(() => {
      underWay += 1;
      most = Math.max(most, underWay);
      return new Promise((resolve) =>
        finish.push(() => {
          underWay -= 1;
          resolve(session);
        }),
      );
    }, `reader/${index}`),
  );
  for (let round = 0; round < 20; round++) {
    await settled();
    finish.shift()?.();
  }
  await Promise.all(all);
  expect(most).toBeLessThanOrEqual(4);
});

test("a backlog over its quota is said with its figures, by size and by age", () => {
  const said = (figures: object) => whyFull(quotaAnswer.parse(figures));
  expect(said({ backlogSize: 24_310, backlogQuotaLimitSize: 10_000 })).toMatch(/24 kB wait in it.*10 kB/);
  expect(said({ backlogSize: 10, backlogQuotaLimitSize: 10_000 })).toBeUndefined();
  expect(said({ backlogSize: 10, backlogQuotaLimitSize: -1 })).toBeUndefined();
  expect(said({ oldestBacklogMessageAgeSeconds: 61, backlogQuotaLimitTime: 60 })).toMatch(/61 s.*60 s/);
  expect(said({ oldestBacklogMessageAgeSeconds: 61, backlogQuotaLimitTime: -1 })).toBeUndefined();
  expect(said({})).toBeUndefined();
});

test("a topic that only deduplication's cursor fills is said to need another quota", () => {
  const said = (waiting: number) =>
    whyFull(
      quotaAnswer.parse({
        backlogSize: 855_563,
        backlogQuotaLimitSize: 100_000,
        subscriptions: { first: { msgBacklog: 0 }, second: { msgBacklog: waiting } },
      }),
    );
  expect(said(0)).toMatch(/none waits.*deduplication.*856 kB.*100 kB\. Raise the quota/);
  expect(said(1)).toMatch(/856 kB wait in it/);
});
