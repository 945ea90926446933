import type { MessageLog } from "@downbeat/message-log";
import { singleTopics, topics } from "@downbeat/protocol";
import { expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { client } from "../../src/client/index.ts";
import { aesCodec, BusinessError, job, keysFromFile, workflow } from "../../src/index.ts";
import { handle, worker } from "../../src/worker/index.ts";
import { engineWithoutCode } from "../engine-without-code.ts";
import { openTestLog } from "../open-log.ts";
import { keyFile } from "./keys.ts";

const person = z.object({ secrets: z.array(z.string()) });
const charge = job("charge", {
  input: person,
  output: person,
  retry: { maxAttempts: 2, initialIntervalMs: 10 },
});
const refund = job("refund", { input: person });
const inform = job("inform", { input: person });

/** Each part of what a run carries has secrets of its own. */
const seeded = (part: string) => Array.from({ length: 13 }, (_, index) => `secret-${part}-${index}-Zürich`);

const placeOrder = workflow("placeOrder", { input: person }, async (run, { secrets }) => {
  const paid = await run.job(charge, { secrets: [...secrets, ...seeded("job")] });
  run.compensate(refund, { secrets: seeded("compensation") });
  const signalled = await run.signal<{ secrets: string[] }>("address");
  try {
    await run.job(inform, { secrets: [...paid.secrets, ...signalled.secrets] });
  } catch (error) {
    if (!(error instanceof BusinessError)) throw error;
  }
  if (secrets.includes("fails")) throw new BusinessError("Refused", "no", { secrets: seeded("refusal") });
  return { secrets: seeded("output"), all: [...paid.secrets, ...signalled.secrets] };
});

async function opened(path: string) {
  const log = await openTestLog();
  const engine = await engineWithoutCode(log.connect, { partitions: 2 });
  const codec = () => aesCodec({ keys: keysFromFile(path), label: "customer", errors: "encrypted" });
  const starter = client({ log: log.connect(), codec: codec() });
  let attempts = 0;
  const hosted = worker({
    log: log.connect(),
    codec: codec(),
    workflows: [placeOrder],
    isolation: "none",
    logger: false,
    jobs: [
      handle(charge, ({ secrets }, { heartbeat }) => {
        heartbeat({ secrets: seeded("heartbeat") });
        attempts += 1;
        if (attempts === 1)
          throw Object.assign(
            new Error(`not for ${secrets[0]}`, { cause: new Error(seeded("cause").join()) }),
            {
              given: seeded("details"),
            },
          );
        return { secrets: [...secrets, ...seeded("result")] };
      }),
      handle(refund, () => {}),
      handle(inform, () => {
        throw new BusinessError("NoMail", seeded("message").join(), { secrets: seeded("business") });
      }),
    ],
  });
  await hosted.ready;
  onTestFinished(async () => {
    await hosted.stop();
    await starter.close();
    await engine.stop();
    await log[Symbol.asyncDispose]();
  });
  return { log: log.connect(), starter, connect: log.connect };
}

/** Every message of every topic, as one text. */
async function everything(log: MessageLog): Promise<() => string> {
  const texts: string[] = [];
  const all = [
    topics.inbox(0),
    topics.inbox(1),
    topics.history(0),
    topics.history(1),
    topics.decisions("placeOrder"),
    ...["charge", "refund", "inform"].map((jobType) => topics.jobs(jobType)),
    ...singleTopics,
  ];
  for (const topic of all)
    await log.openReader(topic, {
      from: "earliest",
      onMessage: ({ payload, properties }) => {
        texts.push(Buffer.from(payload).toString("utf8"), JSON.stringify(properties));
      },
    });
  return () => texts.join("\n");
}

const within = { timeout: 60_000 };

test("no text of a hundred seeded secrets is in any message of the log", async () => {
  const { log, starter } = await opened(keyFile("customer=4711"));
  const said = await everything(log);
  const labels = { customer: "4711" };
  const run = await starter.start(placeOrder, { secrets: seeded("input") }, { runId: "o-1", labels });
  await run.signal("address", { secrets: seeded("signal") });
  const output = await run.result({ timeout: "60 seconds" });
  expect(output.secrets).toEqual(seeded("output"));
  expect(output.all).toEqual(
    expect.arrayContaining([...seeded("input"), ...seeded("job"), ...seeded("result"), ...seeded("signal")]),
  );
  const refused = await starter.start(placeOrder, { secrets: ["fails"] }, { runId: "o-2", labels });
  await refused.signal("address", { secrets: seeded("signal") });
  await expect(refused.result({ timeout: "60 seconds" })).rejects.toMatchObject({
    failure: { name: "Refused", message: "no", details: { secrets: seeded("refusal") } },
  });
  await vi.waitFor(() => expect(said()).toContain("RunFailed"), within);
  await vi.waitFor(() => expect(/"HeartbeatAttempt"[^}]*"details"/.test(said())).toBe(true), within);
  expect(said()).not.toContain("secret-");
  expect(said()).toContain("4711");
}, 120_000);

test("a worker without the codec says so, of the run and of the job, and gives neither an envelope", async () => {
  const log = await openTestLog();
  const engine = await engineWithoutCode(log.connect, { partitions: 2 });
  const codec = aesCodec({ keys: keysFromFile(keyFile()) });
  const starter = client({ log: log.connect(), codec });
  const given: unknown[] = [];
  const take = job<string>("take");
  const passOn = workflow("passOn", async (run, input: string) => run.job(take, input));
  const options = { log: log.connect(), isolation: "none", logger: false } as const;
  const hosted = worker({ ...options, workflows: [passOn], codec });
  const without = worker({ ...options, jobs: { take: (input: unknown) => void given.push(input) } });
  await Promise.all([hosted.ready, without.ready]);
  onTestFinished(async () => {
    await Promise.all([hosted.stop(), without.stop(), starter.close()]);
    await engine.stop();
    await log[Symbol.asyncDispose]();
  });
  const run = await starter.start(passOn, "Ada");
  await expect(run.result({ onStuck: "throw", timeout: "60 seconds" })).rejects.toThrow(
    /The input can't be read\. It is encrypted with key acme-1, and this process has no codec/,
  );
  expect(given).toEqual([]);
}, 120_000);

test("what is refused by its schema is refused by the client, and by the worker's code where it has none", async () => {
  const { starter } = await opened(keyFile());
  await expect(
    starter.start(placeOrder, { secrets: "none" } as never, { runId: "o-1" }),
  ).rejects.toMatchObject({ code: "InvalidInput" });
  // By its name alone the client knows no schema, and the engine can't look: the worker's code says it.
  const run = await starter.start("placeOrder", { secrets: "none" }, { runId: "o-2" });
  await expect(run.result({ onStuck: "throw", timeout: "60 seconds" })).rejects.toMatchObject({
    name: "RunStuckError",
  });
}, 120_000);
