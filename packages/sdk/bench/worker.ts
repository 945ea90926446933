import { fork } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEmbeddedLog, serve } from "@downbeat/embedded-log";
import { encodeJobMessage, parseInboxMessage, topics } from "@downbeat/protocol";
import { openPulsarWebSocketLog } from "@downbeat/pulsar";
import { worker } from "../src/worker/index.ts";

// Jobs a second through one worker process whose handler does nothing: embedded log in this process, worker in another.
const [, , role, url] = process.argv;
const jobs = 60_000;
const partitions = 4;

if (role === "worker" && url !== undefined) {
  const hosted = worker({
    log: openPulsarWebSocketLog({ serviceUrl: url }),
    concurrency: 500,
    jobs: { work: (input: { n: number }) => ({ twice: input.n * 2 }) },
    onProblem: (problem, error) => console.error(problem, error),
  });
  await hosted.ready;
  process.send?.("ready");
  process.once("message", () => {
    const { user, system } = process.cpuUsage();
    const rssMb = Math.round(process.memoryUsage.rss() / 1_048_576);
    process.send?.({ cpuMs: (user + system) / 1_000, rssMb });
    process.disconnect();
    process.exit(0);
  });
} else {
  const directory = await mkdtemp(join(tmpdir(), "downbeat-bench-"));
  const embedded = await openEmbeddedLog({ file: join(directory, "log.db") });
  const server = await serve(embedded, { port: 0 });
  const log = embedded.connect();
  await log.createPartitionedTopic("inbox", partitions);
  let results = 0;
  let messages = 0;
  let finish = (): void => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  for (let partition = 0; partition < partitions; partition++) {
    await log.openReader(topics.inbox(partition), {
      from: "earliest",
      onMessage: ({ payload }) => {
        messages++;
        results += parseInboxMessage(payload).commands.length;
        if (results >= jobs) finish();
      },
    });
  }
  const child = fork(import.meta.filename, ["worker", server.url]);
  await new Promise((resolve) => child.once("message", resolve));
  const producer = await log.openProducer(topics.jobs("work"));
  const start = performance.now();
  for (let n = 0; n < jobs; n++) {
    const attempt = {
      runId: `run-${n}`,
      workflow: "w",
      jobId: "j1",
      jobType: "work",
      attempt: 1,
      idempotencyKey: `run-${n}/j1`,
    };
    void producer.send({ payload: encodeJobMessage({ ...attempt, input: `{"n":${n}}` }) });
    if (n % 500 === 499) await new Promise((resolve) => setImmediate(resolve));
  }
  await finished;
  const ms = performance.now() - start;
  const usage = new Promise((resolve) => child.once("message", resolve));
  child.send("end");
  const worker = await usage;
  const perSecond = Math.round(jobs / (ms / 1_000));
  console.log(
    JSON.stringify({ benchmark: "worker", jobs, perSecond, commandsPerMessage: results / messages, worker }),
  );
  await server.close();
  await embedded.close();
  await rm(directory, { recursive: true });
}
