import type { EventOf, RunEvent } from "@downbeat/domain";
import { openEmbeddedLog } from "@downbeat/embedded-log";
import { parseHistoryRecord, topics } from "@downbeat/protocol";
import { type AnyWorkflow, job, type Run, workflow } from "@downbeat/sdk";
import { client } from "@downbeat/sdk/client";
import { type Worker, worker } from "@downbeat/sdk/worker";
import { expect, onTestFinished, test, vi } from "vitest";
import { engineWithoutCode } from "../../sdk/test/engine-without-code.ts";

vi.setConfig({ testTimeout: 60_000 });

const pack = job<string, string>("pack");
const check = job<string, string>("check");
const send = job<string, string>("send");

const older = async (run: Run, order: string) => {
  await run.job(pack, order);
  await run.signal("paid");
  return `${await run.job(send, order)} as before`;
};
const changed = async (run: Run, order: string) => {
  await run.job(check, order);
  await run.job(pack, order);
  await run.signal("paid");
  return `${await run.job(send, order)} checked`;
};
const versioned = async (run: Run, order: string) => {
  if (run.version("check first", 2) >= 2) await run.job(check, order);
  await run.job(pack, order);
  await run.signal("paid");
  return `${await run.job(send, order)} ${run.version("check first", 2) >= 2 ? "checked" : "as before"}`;
};
const ship = (code: typeof older, settings: { readonly versioning?: "pinned" } = {}) =>
  workflow<string, string, string, string>("ship", settings, code);

/** An engine that reads who is there, and workers of whichever builds. */
async function staged() {
  const embedded = await openEmbeddedLog({ file: ":memory:", storage: "inline" });
  const log = embedded.connect();
  for (const topic of ["inbox", "history"]) await log.createPartitionedTopic(topic, 1);
  const engine = await engineWithoutCode(() => embedded.connect(), { partitions: 1 });
  const told = new Map<string, RunEvent[]>();
  await log.openReader(topics.history(0), {
    from: "earliest",
    onMessage: ({ payload }) => {
      const record = parseHistoryRecord(payload);
      if (record?.kind !== "decisions") return;
      for (const { runId, events } of record.decisions)
        told.set(runId, [...(told.get(runId) ?? []), ...events]);
    },
  });
  const workers: Worker[] = [];
  const deploy = async (build: string, code: AnyWorkflow) => {
    const hosted = worker({
      log: embedded.connect(),
      name: `worker of ${build}`,
      build,
      workflows: [code],
      isolation: "none",
      jobs: { pack: async (order: string) => order, check: async () => "fine", send: async () => "sent" },
      onProblem: (problem) => expect(problem).toBe(""),
    });
    workers.push(hosted);
    await hosted.ready;
    await vi.waitFor(() => expect(engine.announced.buildsOf("ship")).toContain(build), 20_000);
    return hosted;
  };
  const c = client({ log: embedded.connect(), answerWithin: "20 seconds" });
  onTestFinished(async () => {
    await Promise.all(workers.map((one) => one.stop({ graceMs: 100 })));
    await c.close();
    await engine.stop();
    await embedded.close();
  });
  const events = <T extends RunEvent["type"]>(
    type: T,
    of: readonly string[] = [...told.keys()],
  ): EventOf<T>[] =>
    of.flatMap((runId) =>
      (told.get(runId) ?? []).filter((event): event is EventOf<T> => event.type === type),
    );
  const begin = async (code: AnyWorkflow, prefix: string) => {
    const ids = Array.from({ length: 12 }, (_, index) => `${prefix}-${index}`);
    await Promise.all(ids.map((runId) => c.start(code.name, runId, { runId })));
    await vi.waitFor(() => expect(events("SignalAwaited", ids)).toHaveLength(12), 20_000);
    return ids;
  };
  const end = (ids: readonly string[]) =>
    Promise.all(
      ids.map(async (runId) => {
        await c.run(runId).signal("paid", true);
        return c.run(runId).result();
      }),
    );
  return { begin, deploy, end, events };
}

test("two builds, of which neither can go on with what the other began, are there at once: each run goes on with its own", async () => {
  const { begin, deploy, end, events } = await staged();
  await deploy("1", ship(older));
  const before = await begin(ship(older), "before");
  await deploy("2", ship(changed));
  expect(await end(before)).toEqual(before.map(() => "sent as before"));
  const said = events("CodeAskedAgain").filter(({ because }) => because === "notMine");
  expect(said.length).toBeGreaterThan(0);
  expect(said[0]).toMatchObject({
    build: "2",
    next: "1",
    message:
      "The code of build 2 does not fit the history, which build 1 decided. The code changed against its history: event 3 of the history has JobScheduled pack (j1), the code now asks for the job check (j1).",
  });
  expect(events("RunStuck")).toEqual([]);
});

test("an older build passes on what a newer one has decided by run.version, and the newer one takes over what is old", async () => {
  const { begin, deploy, end, events } = await staged();
  const first = await deploy("1", ship(older));
  const before = await begin(ship(older), "before");
  await deploy("2", ship(versioned));
  const meanwhile = await begin(ship(older), "meanwhile");
  await first.stop();
  expect(await end(before)).toEqual(before.map(() => "sent as before"));
  const ends = await end(meanwhile);
  for (const [index, runId] of meanwhile.entries()) {
    const isNew = events("VersionRecorded", [runId]).length > 0;
    expect(ends[index]).toBe(isNew ? "sent checked" : "sent as before");
  }
  expect(events("RunStuck")).toEqual([]);
});

test("runs of a pinned workflow are decided by one build each, however many are there", async () => {
  const { begin, deploy, end, events } = await staged();
  await deploy("1", ship(older, { versioning: "pinned" }));
  const before = await begin(ship(older), "before");
  await deploy("2", ship(changed, { versioning: "pinned" }));
  const after = await begin(ship(older), "after");
  await end([...before, ...after]);
  for (const runId of before)
    expect(new Set(events("CodeAnswered", [runId]).map(({ build }) => build))).toEqual(new Set(["1"]));
  for (const runId of after)
    expect(new Set(events("CodeAnswered", [runId]).map(({ build }) => build)).size).toBe(1);
  expect(events("CodeAskedAgain").filter(({ because }) => because === "notMine")).toEqual([]);
});

test("code that was changed under the name of the same build gets its runs stuck at once", async () => {
  const { begin, deploy, events, end } = await staged();
  const first = await deploy("1", ship(older));
  const ids = await begin(ship(older), "before");
  await first.stop();
  await deploy("1", ship(changed));
  void end(ids).catch(() => {});
  await vi.waitFor(() => expect(events("RunStuck")).toHaveLength(12), 20_000);
  expect(events("RunStuck")[0]?.failure).toMatchObject({
    name: "NonDeterminism",
    message: expect.stringMatching(/^The code changed against its history: event 3 of the history has/),
  });
  expect(events("CodeAskedAgain").filter(({ because }) => because === "notMine")).toEqual([]);
});

test("a worker whose build has no name refuses a pinned workflow, and says what to do", async () => {
  const embedded = await openEmbeddedLog({ file: ":memory:", storage: "inline" });
  const log = embedded.connect();
  await log.createPartitionedTopic("inbox", 1);
  const [, program = ""] = process.argv;
  // Nothing there says what its build is called.
  process.argv[1] = "/program-of-nobody.js";
  const hosted = worker({
    log,
    workflows: [ship(older, { versioning: "pinned" })],
    isolation: "none",
    onProblem: () => {},
  });
  process.argv[1] = program;
  onTestFinished(async () => {
    await hosted.stop();
    await embedded.close();
  });
  await expect(hosted.ready).rejects.toThrow(
    'The workflow ship is pinned to builds, and this worker\'s build has no name: give it one, as in build: "2026-12-01.3".',
  );
});
