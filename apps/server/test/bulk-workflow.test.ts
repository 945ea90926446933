import { type BulkInput, bulkJobs, type PartInput, type TargetPage } from "@downbeat/api";
import { testEnvironment } from "@downbeat/sdk/testing";
import { afterEach, expect, test } from "vitest";
import { bulk } from "../src/bulk/workflow.ts";

type Environment = Awaited<ReturnType<typeof testEnvironment>>;
const opened: Environment[] = [];
afterEach(async () => {
  for (const env of opened.splice(0)) await env.close();
});

interface World {
  readonly env: Environment;
  /** Numbers of the targets that were acted on, in order. */
  readonly acted: number[];
  readonly sizes: number[];
}

async function world(
  count: number,
  letterOf: (number: number, look: boolean) => string = () => "r",
  perPage = 400,
): Promise<World> {
  const acted: number[] = [];
  const sizes: number[] = [];
  const letters = ({ from, targets }: PartInput, look: boolean) =>
    targets.map((_, index) => letterOf(from + index, look)).join("");
  const env = await testEnvironment({
    workflows: [bulk],
    jobs: {
      [bulkJobs.list]: ({ after = "0" }: { after?: string }): TargetPage => {
        const end = Math.min(Number(after) + perPage, count);
        return {
          targets: Array.from({ length: end - Number(after) }, (_, index) => [
            `run-${Number(after) + index}`,
            "j1",
          ]),
          ...(end < count && { cursor: String(end) }),
        };
      },
      [bulkJobs.act]: (part: PartInput) => {
        sizes.push(part.targets.length);
        acted.push(...part.targets.map(([runId]) => Number(runId.slice(4))));
        return { outcomes: letters(part, false) };
      },
      [bulkJobs.look]: (part: PartInput) => ({ outcomes: letters(part, true) }),
    },
  });
  opened.push(env);
  return { env, acted, sizes };
}

function order(more: Partial<BulkInput["order"]> = {}): BulkInput {
  return {
    asOf: 0,
    order: {
      verb: "retryJob",
      selection: { type: "stuckJobs" },
      reason: "The hotels are back.",
      about: "",
      ...more,
    },
  };
}

const canary = { size: 5, mostFailed: 0.2 };

/** What the run's labels say in the end. */
function said(run: { events(type: "LabelsSet"): readonly object[] }): Record<string, string> {
  return Object.assign({}, ...run.events("LabelsSet").map((event) => Reflect.get(event, "labels")));
}

const numbers = (to: number, from = 0) => Array.from({ length: to - from }, (_, index) => from + index);

test("what may be done to a few alone is not begun where more match by then", async () => {
  const { env, acted } = await world(3);
  const few = await env.start(bulk, { ...order(), atMost: 2 });
  await expect(few.result()).rejects.toThrow(/more than 2 targets, and .* needs a second person/);
  expect(acted).toEqual([]);
  const run = await env.start(bulk, { ...order(), atMost: 3 });
  expect(await run.result()).toEqual({ targets: 3, sent: 3 });
});

test("every target is acted on once, in its order, after a canary", async () => {
  const { env, acted, sizes } = await world(950);
  const run = await env.start(bulk, order({ canary }));
  expect(await run.result()).toEqual({ targets: 950, sent: 950 });
  expect(acted).toEqual(numbers(950));
  expect(sizes.slice(0, 2)).toEqual([5, 100]);
  expect(said(run)).toMatchObject({ state: "done", targets: "950", sent: "950", recovered: "950" });
});

test("100,000 targets are listed and acted on in one run", async () => {
  const { env, acted } = await world(100_000);
  const run = await env.start(bulk, order());
  expect(await run.result()).toEqual({ targets: 100_000, sent: 100_000 });
  expect(acted.length).toBe(100_000);
  expect(new Set(acted).size).toBe(100_000);
}, 120_000);

test("one target more than can be acted on ends it before anything is done", async () => {
  const { env, acted } = await world(100_001);
  const run = await env.start(bulk, order());
  await expect(run.result()).rejects.toThrow("There are more than 100000 targets.");
  expect(acted).toEqual([]);
}, 120_000);

test("a canary of which too many fail holds the rest until a person says to go on", async () => {
  const { env, acted } = await world(50, (number) => (number < 2 ? "f" : "r"));
  const run = await env.start(bulk, order({ canary }));
  await env.skip("1 day");
  expect(acted).toEqual(numbers(5));
  expect(said(run)).toMatchObject({
    state: "held",
    why: "2 of 5 outcomes are failures; at most 20 % were allowed.",
    failedAgain: "2",
    recovered: "3",
  });
  await run.signal("steer", "resumeHeld");
  expect(await run.result()).toEqual({ targets: 50, sent: 50 });
  expect(acted).toEqual(numbers(50));
});

test("who has not seen the hold does not end it: a plain resume or a pause leaves it held, for the same reason", async () => {
  const { env, acted } = await world(300, (number) => (number < 105 ? "r" : "f"));
  const run = await env.start(bulk, order({ canary }));
  await env.skip("1 hour");
  expect(acted.length).toBe(205);
  const held = { state: "held", why: expect.stringMatching(/^100 of 205 outcomes are failures; /) };
  for (const word of ["resume", "pause", "resume"]) {
    await run.signal("steer", word);
    await env.skip("1 hour");
    expect(said(run)).toMatchObject(held);
  }
  expect(acted.length).toBe(205);
  await run.signal("steer", "resumeHeld");
  expect(await run.result()).toEqual({ targets: 300, sent: 300 });
});

test("to continue anyway ends a pause, and leaves the watch on failures as it was", async () => {
  const { env, acted } = await world(300, (number) => (number < 30 ? "r" : "f"));
  const run = await env.start(bulk, order({ canary, perMinute: 60 }));
  await run.signal("steer", "pause");
  await env.skip("1 hour");
  expect(said(run)).toMatchObject({ state: "paused" });
  const before = acted.length;
  await run.signal("steer", "resumeHeld");
  await env.skip("1 hour");
  expect(said(run)).toMatchObject({ state: "held" });
  expect(acted.length).toBeLessThan(before + 100);
});

test("a canary whose outcomes don't come holds the rest, too", async () => {
  const { env, acted } = await world(50, (_, look) => (look ? "r" : "p"));
  const run = await env.start(bulk, order({ canary }));
  await env.skip("1 hour");
  expect(acted).toEqual(numbers(5));
  expect(said(run)).toMatchObject({ state: "held", why: "Some of the first targets have no outcome yet." });
  await run.signal("steer", "stop");
  expect(await run.result()).toEqual({ targets: 50, sent: 5 });
  expect(said(run)).toMatchObject({ state: "stopped" });
});

test("failures that come after the canary hold it as well", async () => {
  const { env, acted } = await world(1_000, (number) => (number < 105 ? "r" : "f"));
  const run = await env.start(bulk, order({ canary }));
  await env.skip("1 hour");
  expect(acted.length).toBe(205);
  expect(said(run)).toMatchObject({ state: "held" });
});

test("paused, it sends nothing; resumed, it goes on where it was; stopped, it ends", async () => {
  const { env, acted } = await world(300);
  const run = await env.start(bulk, order({ perMinute: 60 }));
  await env.skip("10 seconds");
  const before = acted.length;
  expect(before).toBeGreaterThan(0);
  await run.signal("steer", "pause");
  await env.skip("1 hour");
  expect(said(run)).toMatchObject({ state: "paused" });
  const paused = acted.length;
  expect(paused - before).toBeLessThanOrEqual(5);
  await env.skip("1 day");
  expect(acted.length).toBe(paused);
  await run.signal("steer", "resume");
  await env.skip("20 seconds");
  expect(acted.length).toBeGreaterThan(paused);
  await run.signal("steer", "stop");
  expect(await run.result()).toEqual({ targets: 300, sent: acted.length });
  expect(acted).toEqual(numbers(acted.length));
});

test("a rate is kept: 60 a minute take 300 targets five minutes", async () => {
  const { env, acted } = await world(300);
  const began = env.now().getTime();
  const run = await env.start(bulk, order({ perMinute: 60 }));
  await env.skip("1 minute");
  expect(acted.length).toBeLessThanOrEqual(65);
  await run.result();
  const tookMs = env.now().getTime() - began;
  expect(tookMs).toBeGreaterThanOrEqual(4.9 * 60_000);
  expect(tookMs).toBeLessThan(5.1 * 60_000);
});

test("one that is to begin later lists its targets at once and waits; it can be stopped meanwhile", async () => {
  const { env, acted } = await world(10);
  const startAt = env.now().getTime() + 86_400_000;
  const run = await env.start(bulk, order({ startAt }));
  expect(said(run)).toMatchObject({ state: "scheduled", targets: "10" });
  await env.skip("23 hours");
  expect(acted).toEqual([]);
  const other = await env.start(bulk, order({ startAt }));
  await other.signal("steer", "stop");
  expect(await other.result()).toEqual({ targets: 10, sent: 0 });
  await run.result();
  expect(acted).toEqual(numbers(10));
});

test("outcomes that come late are looked for again, and what never comes is told as it is", async () => {
  const { env } = await world(250, (number, look) =>
    number % 100 === 7 ? (look && number > 10 ? "r" : "p") : "r",
  );
  const run = await env.start(bulk, order());
  await run.result();
  expect(said(run)).toMatchObject({ state: "done", recovered: "249", notPickedUp: "1" });
  expect(run.attempts(bulkJobs.look).length).toBeGreaterThan(2);
});

test("a bulk action whose run is cancelled ends there, and leaves nothing behind", async () => {
  const { env, acted } = await world(300);
  const run = await env.start(bulk, order({ perMinute: 60 }));
  await env.skip("10 seconds");
  await run.cancel();
  await expect(run.result()).rejects.toThrow();
  expect(run.status).toBe("cancelled");
  expect(acted.length).toBeLessThan(300);
});
