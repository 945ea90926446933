import { job, workflow } from "@downbeat/sdk";
import { client } from "@downbeat/sdk/client";
import { expect, test, vi } from "vitest";
import { openEngineering, startServer, until } from "./stack.ts";

vi.setConfig({ testTimeout: 60_000 });

const hour = 3_600_000;
const slow = job<null, string>("slow", {
  startToCloseMs: 20 * hour,
  retry: { initialIntervalMs: 10 * hour, maxIntervalMs: 20 * hour, jitter: 0 },
});
const waiting = workflow("waiting", async (run) => {
  const answers = await Promise.all([
    run.sleep(2 * hour),
    run.sleep(2 * hour),
    run.signal<string>("go", { timeout: 3 * hour }),
    run.job(slow, null),
  ]);
  return answers.slice(2);
});

test("what is due is listed page by page, and fired, postponed and cancelled once, with who and why", async () => {
  await using engineering = await openEngineering(["public/default"], {
    workflows: [waiting],
    jobs: {
      slow: async () => {
        throw new Error("not today");
      },
    },
  });
  const shop = client({ log: engineering.log, actor: "shop" });
  await using server = await startServer({ DOWNBEAT_LOG_URL: engineering.url, DOWNBEAT_ACTOR: "ada" });
  const { api } = server;
  const run = await shop.start(waiting, undefined, { runId: "w-1" });
  const ids = async () => (await api.timers.list.query({})).timers.map(({ id }) => id);
  await until(async () => (await ids()).join() === "t1,t2,w1,j1");

  const walked: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await api.timers.list.query({ limit: 1, cursor });
    expect(page.count).toBe(4);
    walked.push(...page.timers.map(({ id }) => id));
    cursor = page.cursor;
    if (cursor === undefined) break;
  }
  expect(walked).toEqual(["t1", "t2", "w1", "j1"]);

  const about = { runId: "w-1", reason: "they called" };
  const [first] = (await api.timers.list.query({ kind: ["sleep"] })).timers;
  const postponed = { ...about, kind: "sleep", id: "t1", byMs: hour, actionId: "once" } as const;
  const answers = [await api.timers.postpone.mutate(postponed), await api.timers.postpone.mutate(postponed)];
  expect(answers.map(({ verb, actor, timerId, outcome }) => [verb, actor, timerId, outcome.type])).toEqual([
    ["postponeTimer", "ada", "t1", "accepted"],
    ["postponeTimer", "ada", "t1", "accepted"],
  ]);
  const moved = (await api.timers.list.query({ kind: ["sleep"] })).timers.find(({ id }) => id === "t1");
  expect(moved?.dueAt).toBe((first?.dueAt ?? 0) + hour);

  const refusalOf = async (answer: ReturnType<typeof api.timers.fire.mutate>) => (await answer).outcome;
  expect(await refusalOf(api.timers.cancel.mutate({ ...about, kind: "sleep", id: "t2" }))).toMatchObject({
    type: "refused",
    code: "TimerNeeded",
  });
  await expect(
    api.timers.postpone.mutate({ ...about, kind: "deadline", id: "j1", byMs: hour }),
  ).rejects.toThrow("A job's deadline can't be postponed: its worker got it with the attempt");
  await expect(api.timers.postpone.mutate({ ...about, kind: "sleep", id: "t1" })).rejects.toThrow(
    "say until when, or by how long, and not both",
  );
  // Of what was listed as a back-off, and not of whatever the job waits for by then.
  expect(await refusalOf(api.timers.fire.mutate({ ...about, kind: "deadline", id: "j1" }))).toMatchObject({
    code: "JobNotInFlight",
  });

  // Of the attempt that was listed, and of no other.
  const [backOff] = (await api.timers.list.query({ kind: ["backOff"] })).timers;
  expect(backOff?.attempt).toBe(1);
  for (const attempt of [2, 7])
    expect(
      await refusalOf(api.timers.fire.mutate({ ...about, kind: "backOff", id: "j1", attempt })),
    ).toMatchObject({
      code: "JobNotBackingOff",
      message: `There was no attempt ${attempt}: slow is backing off, its newest attempt is 1.`,
    });
  for (const [seen, code] of [
    [{ kind: "backOff", attempt: 2 }, "JobNotBackingOff"],
    [{ kind: "deadline", attempt: 1 }, "JobNotInFlight"],
  ] as const)
    expect(await refusalOf(api.timers.cancel.mutate({ ...about, ...seen, id: "j1" }))).toMatchObject({
      code,
    });
  const later = { ...about, kind: "backOff", id: "j1", attempt: 1, byMs: hour } as const;
  expect(await refusalOf(api.timers.postpone.mutate(later))).toEqual({ type: "accepted" });
  const [movedBackOff] = (await api.timers.list.query({ kind: ["backOff"] })).timers;
  expect(movedBackOff?.dueAt).toBe((backOff?.dueAt ?? 0) + hour);

  for (const { kind, id } of [
    { kind: "sleep", id: "t1" },
    { kind: "sleep", id: "t2" },
  ] as const)
    expect(await refusalOf(api.timers.fire.mutate({ ...about, kind, id }))).toEqual({ type: "accepted" });
  const late = await refusalOf(api.timers.fire.mutate({ ...about, kind: "sleep", id: "t1" }));
  expect(late).toMatchObject({ type: "refused", code: "TimerOver" });
  expect(late.type === "refused" && late.message).toMatch(
    /^The timer is over: it was fired at \d{4}-\S+Z by ada\.$/,
  );
  await api.timers.cancel.mutate({ ...about, kind: "signal", id: "w1" });
  expect(await ids()).toEqual(["j1"]);
  await api.timers.postpone.mutate({ ...about, kind: "backOff", id: "j1", until: Date.now() + 9 * hour });
  await run.signal("go", "gone");
  await api.jobs.complete.mutate({ ...about, jobId: "j1", output: '"by hand"' });
  expect(await run.result()).toEqual(["gone", "by hand"]);
  const { actions } = await api.runs.get.query({ runId: "w-1" });
  expect(actions.filter(({ outcome }) => outcome.type === "accepted").map(({ verb }) => verb)).toEqual([
    "startRun",
    "postponeTimer",
    "postponeRetry",
    "fireTimer",
    "fireTimer",
    "liftTimeout",
    "postponeRetry",
    "sendSignal",
    "completeJob",
  ]);
  await shop.close();
});

test("support sees what is due, and may not steer it", async () => {
  await using engineering = await openEngineering();
  await using server = await startServer({
    DOWNBEAT_LOG_URL: engineering.url,
    DOWNBEAT_ACTOR_ROLE: "support",
  });
  const { api } = server;
  await until(async () => (await api.timers.list.query({})).count === 0);
  await expect(
    api.timers.fire.mutate({ runId: "no", kind: "sleep", id: "t1", reason: "why" }),
  ).rejects.toThrow("Only operators and admins may fire, postpone or cancel a timer.");
});
