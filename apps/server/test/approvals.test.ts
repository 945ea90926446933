import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { changeTokens, newToken } from "@downbeat/access";
import type { AppRouter } from "@downbeat/api";
import { type Evidence, partitionOf } from "@downbeat/domain";
import { encodeInboxMessage, RecordKeys, topics } from "@downbeat/protocol";
import { createTRPCClient, httpLink } from "@trpc/client";
import { expect, onTestFinished, test, vi } from "vitest";
import { type GuardedServer, signIn, startGuarded } from "./signed-in.ts";
import { type Engineering, openEngineering } from "./stack.ts";

vi.setConfig({ testTimeout: 180_000 });
const patience = { timeout: 60_000, interval: 100 };

const everything = { terminate: true, complete: true, bulkAbove: 2 };
const roles = [
  { role: "operator", who: { group: "admins" } },
  { role: "operator", who: { person: "local|grace" } },
  { role: "support", who: { person: "local|mia" } },
];
const file = {
  unsigned: "never" as const,
  keys: [{ id: "k1", secret: Buffer.alloc(32, 7).toString("base64"), signs: true }],
};

interface Stage extends GuardedServer {
  readonly engineering: Engineering;
  readonly as: (name: string) => Promise<Api>;
}

type Api = ReturnType<typeof apiOf>;

function apiOf(url: string, headers: Record<string, string>) {
  return createTRPCClient<AppRouter>({ links: [httpLink({ url: `${url}/trpc/public/default`, headers })] });
}

/** Ada and Grace are operators, Mia is support; jobs fail, so that runs stay open. */
async function stage(rule: object = everything, hasKeys = false): Promise<Stage> {
  const engineering = await openEngineering(["public/default"], {
    rule: { terminate: true, complete: true, bulk: true },
    asksWorkers: true,
    ...(hasKeys && { keys: new RecordKeys(file) }),
  });
  onTestFinished(() => engineering[Symbol.asyncDispose]());
  engineering.hotelIsUp = false;
  const env: Record<string, string> = { DOWNBEAT_LOG_URL: engineering.url };
  if (hasKeys) {
    const directory = await mkdtemp(join(tmpdir(), "downbeat-keys-"));
    onTestFinished(() => rm(directory, { recursive: true }));
    env.DOWNBEAT_RECORD_KEYS_FILE = join(directory, "keys.json");
    writeFileSync(env.DOWNBEAT_RECORD_KEYS_FILE, JSON.stringify(file), { mode: 0o600 });
  }
  const guarded = await startGuarded(env, { roles, secondPerson: [rule] });
  guarded.change((all) => [...all, ...all.slice(1).map((grace) => ({ ...grace, name: "mia" }))]);
  const as = async (name: string) =>
    apiOf(guarded.server.url, { cookie: await signIn(guarded.server.url, name) });
  return { ...guarded, engineering, as };
}

async function start(api: Api, runId: string): Promise<void> {
  await api.runs.start.mutate({ workflow: "trip", runId, input: "{}" });
  await vi.waitFor(async () => {
    expect((await api.runs.get.query({ runId })).shown).toBe("stuck");
  }, patience);
}

/** @returns the request's id */
async function asked(
  answer: Promise<Awaited<ReturnType<Api["runs"]["terminate"]["mutate"]>>>,
): Promise<string> {
  const { outcome } = await answer;
  if (outcome.type !== "requested") throw new Error(`It was ${JSON.stringify(outcome)}.`);
  return outcome.requestId;
}

async function approve(api: Api, id: string, reason = "") {
  const { digest } = await api.approvals.get.query({ id });
  return api.approvals.approve.mutate({ id, digest, reason });
}

test.each([
  ["without keys", false],
  ["with record keys", true],
])(
  "nobody terminates a run alone: another person approves it, and it is done once (%s)",
  async (_, hasKeys) => {
    const { as } = await stage({ terminate: true }, hasKeys);
    const [ada, grace] = await Promise.all([as("ada"), as("grace")]);
    await start(ada, "trip-1");
    const order = { runId: "trip-1", reason: "it hangs", actionId: "a1" };
    const id = await asked(ada.runs.terminate.mutate(order));
    expect(await asked(ada.runs.terminate.mutate(order))).toBe(id);
    expect((await ada.runs.get.query({ runId: "trip-1" })).status).toBe("running");
    const own = (await ada.approvals.list.query()).requests[0];
    expect(own).toMatchObject({
      id,
      verb: "terminateRun",
      runId: "trip-1",
      workflow: "trip",
      reason: "it hangs",
      requestedBy: "Ada Lovelace <local|ada>",
      status: "waiting",
      isOwn: true,
      refusal: "You asked for it yourself: another person has to approve it.",
    });
    await expect(approve(ada, id)).rejects.toThrow("You asked for it yourself");
    expect(await grace.approvals.list.query({ waiting: true })).toMatchObject({
      waiting: 1,
      waitingForYou: 1,
    });
    await expect(grace.approvals.approve.mutate({ id, digest: "another" })).rejects.toThrow(
      "What you looked at is not what was asked for",
    );
    const [one, other] = await Promise.allSettled([approve(grace, id, "right"), approve(grace, id)]);
    expect([one, other].filter(({ status }) => status === "fulfilled").length).toBeGreaterThan(0);
    await vi.waitFor(async () => {
      expect(await ada.approvals.get.query({ id })).toMatchObject({
        status: "executed",
        decision: { by: "grace <local|grace>" },
        execution: { outcome: { is: "done" } },
      });
    }, patience);
    const run = await ada.runs.get.query({ runId: "trip-1" });
    expect(run.status).toBe("terminated");
    expect(run.actions.filter(({ verb }) => verb === "terminateRun")).toEqual([
      expect.objectContaining({
        actor: "Ada Lovelace <local|ada>",
        reason: "it hangs (approved by grace <local|grace>)",
        outcome: { type: "accepted" },
      }),
    ]);
    await expect(approve(grace, id)).rejects.toThrow("Nothing is left to decide: it was carried out.");
    expect((await ada.runs.terminate.mutate(order)).outcome).toEqual({ type: "accepted" });
  },
);

test("what is rejected, withdrawn or expired is not done, and says so to who asks again", async () => {
  const { as } = await stage({ terminate: true, expires: "1min" });
  const [ada, grace, mia] = await Promise.all([as("ada"), as("grace"), as("mia")]);
  await start(ada, "trip-1");
  const rejected = await asked(
    ada.runs.terminate.mutate({ runId: "trip-1", reason: "it hangs", actionId: "a1" }),
  );
  await expect(mia.approvals.reject.mutate({ id: rejected, reason: "no" })).rejects.toThrow(
    "Only operators and admins may cancel or terminate a run.",
  );
  await expect(ada.approvals.reject.mutate({ id: rejected, reason: "no" })).rejects.toThrow(
    "withdraw it instead",
  );
  await grace.approvals.reject.mutate({ id: rejected, reason: "retry the job instead" });
  const again = await ada.runs.terminate.mutate({ runId: "trip-1", reason: "it hangs", actionId: "a1" });
  expect(again.outcome).toMatchObject({
    type: "refused",
    message: "It was rejected by grace <local|grace>: retry the job instead",
  });
  const withdrawn = await asked(ada.runs.terminate.mutate({ runId: "trip-1", reason: "it hangs" }));
  await expect(grace.approvals.withdraw.mutate({ id: withdrawn })).rejects.toThrow("Only who asked");
  await ada.approvals.withdraw.mutate({ id: withdrawn });
  await expect(approve(grace, withdrawn)).rejects.toThrow("it was withdrawn");
  expect((await ada.runs.get.query({ runId: "trip-1" })).status).toBe("running");
  expect(await ada.approvals.list.query()).toMatchObject({ waiting: 0 });
});

test("a job is completed with the very value that was approved", async () => {
  const { as } = await stage({ complete: true });
  const [mia, grace] = await Promise.all([as("mia"), as("grace")]);
  await start(grace, "trip-1");
  const jobs = await mia.jobs.list.query({ status: ["stuck"] });
  const jobId = jobs.jobs[0]?.jobId ?? "";
  const complete = { runId: "trip-1", jobId, output: '{"room":"7"}', reason: "by phone", actionId: "a1" };
  const id = await asked(mia.jobs.complete.mutate(complete));
  await expect(mia.jobs.complete.mutate({ ...complete, output: '{"room":"8"}' })).rejects.toThrow("is taken");
  expect(await grace.approvals.get.query({ id })).toMatchObject({ output: '{"room":"7"}', jobId });
  await approve(grace, id);
  await vi.waitFor(async () => {
    expect((await mia.runs.get.query({ runId: "trip-1" })).status).toBe("completed");
  }, patience);
  const { events } = await mia.runs.events.query({ runId: "trip-1", types: ["JobCompleted"] });
  expect(JSON.stringify(events)).toContain("7");
  expect(JSON.stringify(events)).toContain("approved by grace");
});

test("a bulk action acts on what was approved alone, and a small one needs nobody", async () => {
  const { as } = await stage({ terminate: true, bulkAbove: 2 });
  const [ada, grace] = await Promise.all([as("ada"), as("grace")]);
  for (const runId of ["trip-1", "trip-2", "trip-3"]) await start(ada, runId);
  const order = (verb: "terminateRun" | "cancelRun", items: readonly string[]) => ({
    verb,
    reason: "they hang",
    about: "trips",
    selection: { type: "items" as const, items: items.map((runId) => ({ runId })) },
  });
  const all = { verb: "cancelRun", selection: { type: "runs", filter: { workflow: "trip" } } } as const;
  expect(await ada.bulk.preview.query(all)).toMatchObject({
    count: 3,
    needsTwo: "Acting on more than 2 at once needs a second person here.",
  });
  const cancelled = await asked(ada.bulk.start.mutate({ order: { ...all, reason: "they hang" } }));
  await start(ada, "trip-4");
  expect(await grace.approvals.get.query({ id: cancelled })).toMatchObject({ verb: "cancelRun", targets: 3 });
  const { targets } = await grace.approvals.targets.query({ id: cancelled });
  expect(targets.map(({ runId }) => runId).sort()).toEqual(["trip-1", "trip-2", "trip-3"]);
  const terminated = await asked(ada.bulk.start.mutate({ order: order("terminateRun", ["trip-4"]) }));
  const approved = await approve(grace, cancelled);
  expect(approved.outcome).toBe("approved");
  await approve(grace, terminated);
  await vi.waitFor(async () => {
    for (const runId of ["trip-1", "trip-2", "trip-3"])
      expect((await ada.runs.get.query({ runId })).status).toBe("cancelled");
    expect((await ada.runs.get.query({ runId: "trip-4" })).status).toBe("terminated");
  }, patience);
  const { actions } = await ada.runs.get.query({ runId: "trip-4" });
  expect(actions.at(-1)?.reason).toBe("they hang (approved by grace <local|grace>)");
  await start(ada, "trip-5");
  const small = await ada.bulk.start.mutate({ order: order("cancelRun", ["trip-5"]) });
  expect(small.outcome.type).toBe("accepted");
});

test("a token is a second person only where it is somebody's, and never for its owner's own request", async () => {
  const { as, server, accessFile } = await stage({ terminate: true });
  const ada = await as("ada");
  await start(ada, "trip-1");
  const about = { role: "operator" as const, in: ["*"], madeAt: 0, endsAt: Date.now() + 3_600_000 };
  const made = [
    newToken({ ...about, name: "ci" }),
    newToken({ ...about, name: "ada-laptop", person: "local|ada" }),
    newToken({ ...about, name: "grace-laptop", person: "local|grace" }),
  ];
  changeTokens(join(accessFile, "../tokens.json"), (all) => [...all, ...made.map(({ token }) => token)]);
  const [ci, laptop, graces] = made.map(({ text }) =>
    apiOf(server.url, { authorization: `Bearer ${text}` }),
  ) as [Api, Api, Api];
  const id = await vi.waitFor(
    () => asked(laptop.runs.terminate.mutate({ runId: "trip-1", reason: "it hangs", actionId: "a1" })),
    patience,
  );
  await expect(ci.runs.terminate.mutate({ runId: "trip-1", reason: "no" })).rejects.toThrow(
    "ci is nobody's token",
  );
  await expect(approve(ci, id)).rejects.toThrow("ci is nobody's token");
  await expect(approve(ada, id)).rejects.toThrow("You asked for it yourself");
  expect(await approve(graces, id)).toMatchObject({ outcome: "approved" });
});

test.each([
  ["without keys, what names no other person is refused", false],
  ["with record keys, what no server sealed is refused", true],
])("%s by the engine, whoever writes it to the log", async (_, hasKeys) => {
  const { as, engineering } = await stage({ terminate: true }, hasKeys);
  const ada = await as("ada");
  await start(ada, "trip-1");
  const forge = async (actionId: string, approval?: Evidence) => {
    const payload = encodeInboxMessage([
      {
        type: "TerminateRun",
        commandId: actionId,
        runId: "trip-1",
        action: { actionId, actor: "Ada Lovelace <local|ada>", reason: "because" },
        ...(approval !== undefined && { approval }),
      },
    ]);
    const producer = await engineering.log.openProducer(topics.inbox(partitionOf("trip-1", 2)));
    await producer.send({ payload, key: "trip-1" });
    await producer.close();
    return vi.waitFor(async () => {
      const { actions } = await ada.runs.get.query({ runId: "trip-1" });
      const action = actions.find((each) => each.actionId === actionId);
      if (action === undefined) throw new Error("not decided yet");
      return action.outcome;
    }, patience);
  };
  const until = Date.now() + 3_600_000;
  expect(await forge("f1")).toMatchObject({
    type: "refused",
    message: expect.stringMatching(/nobody has approved this/),
  });
  expect(await forge("f2", { requestId: "ask-1", by: "Me <local|ada>", until })).toMatchObject({
    type: "refused",
    message: expect.stringMatching(/whoever asked for it approved it/),
  });
  const forged = { requestId: "ask-1", by: "grace <local|grace>", until };
  // Without keys the engine believes what names another person: the docs say so.
  expect((await forge("f3", forged)).type).toBe(hasKeys ? "refused" : "accepted");
  if (hasKeys) expect((await forge("f4", { ...forged, seal: "k1.AAAA" })).type).toBe("refused");
});
