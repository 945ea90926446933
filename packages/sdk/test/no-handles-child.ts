import { encodeJobMessage, topics } from "@downbeat/protocol";
import { client } from "../src/client/index.ts";
import { worker } from "../src/worker/index.ts";
import { openTestLog, until } from "./open-log.ts";

// Run by no-handles.test.ts: what is stopped here must not keep this process.
const opened = await openTestLog();
const begun: string[] = [];
const hosted = worker({
  log: opened.connect(),
  // Deaf to its signal, and holding nothing that would keep a process.
  jobs: {
    forever: (_: unknown, { idempotencyKey, heartbeat }) => {
      heartbeat();
      heartbeat();
      begun.push(idempotencyKey);
      return new Promise(() => {});
    },
  },
});
await hosted.ready;
const producer = await opened.log.openProducer(topics.jobs("forever"));
const job = { workflow: "w", jobType: "forever", attempt: 1, input: "1" };
for (const [index, startToCloseMs] of [900, 3_600_000, 90 * 86_400_000, undefined].entries()) {
  const names = { runId: `r${index}`, jobId: "j1", idempotencyKey: `r${index}/j1` };
  const limit = startToCloseMs === undefined ? {} : { startToCloseMs, heartbeatMs: startToCloseMs };
  await producer.send({ payload: encodeJobMessage({ ...job, ...names, ...limit }) });
}
await until(() => begun.length === 4);
const c = client({ log: opened.connect(), answerWithin: "90 days" });
const waits = [
  c.start("nobody", 1, { runId: "r" }),
  c.run("r").result({ timeout: "90 days" }),
  c.run("r").result(),
  c.run("r").cancel("because"),
].map((waiting) => waiting.catch((error: unknown) => (error instanceof Error ? error.name : "")));
await c.follow("r");
await hosted.stop({ graceMs: 50 });
await c.close();
console.log(JSON.stringify(await Promise.all(waits)));
await opened[Symbol.asyncDispose]();
