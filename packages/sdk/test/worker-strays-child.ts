import { encodeJobMessage, parseInboxMessage, topics } from "@downbeat/protocol";
import { worker } from "../src/worker/index.ts";
import { collect, openTestLog, until } from "./open-log.ts";

// Run by worker-strays.test.ts: what handlers do here must not end this process.
const late = async () => {
  throw new Error("late");
};

function gone(): unknown {
  const { proxy, revoke } = Proxy.revocable(new Error("gone"), {});
  revoke();
  return proxy;
}

let lateOnes = 0;
const deeds: Readonly<Record<string, () => unknown>> = {
  notText: () => {
    throw Object.assign(new Error("m"), { message: { code: 7 } });
  },
  getter: () => {
    throw Object.defineProperty(new Error("m"), "message", { get: late });
  },
  revoked: () => {
    throw gone();
  },
  rejected: () => Promise.reject(gone()),
  dropped: () => {
    void Promise.reject(gone());
    return 1;
  },
  toJson: () => ({ toJSON: late }),
  bigint: () => 7n,
  revokedResult: () => gone(),
  lateRejection: () =>
    new Promise((_, reject) =>
      setTimeout(() => {
        reject(gone());
        lateOnes++;
      }, 100),
    ),
};

await using opened = await openTestLog();
const commands = await collect(opened.log, [topics.inbox(0), topics.inbox(1)], ({ payload }) =>
  parseInboxMessage(payload).commands.filter(({ type }) => type !== "HeartbeatAttempt"),
);
const problems: string[] = [];
const hosted = worker({
  log: opened.connect(),
  jobs: { work: ({ deed }: { deed: string }) => deeds[deed]?.(), fine: () => "fine" },
  onProblem: (problem) => {
    problems.push(problem);
    throw gone();
  },
});

async function send(jobType: string, runId: string, input: unknown): Promise<void> {
  const producer = await opened.log.openProducer(topics.jobs(jobType));
  const basics = { runId, workflow: "w", jobId: "j1", attempt: 1, idempotencyKey: runId };
  const message = { ...basics, jobType, input: JSON.stringify(input), startToCloseMs: 50 };
  await producer.send({ payload: encodeJobMessage(message) });
  await producer.close();
}

for (const deed of Object.keys(deeds)) await send("work", deed, { deed });
await until(() => commands.length === Object.keys(deeds).length && lateOnes === 1, "all results");
await send("fine", "fine", null);
await until(() => commands.length === Object.keys(deeds).length + 1, "the result of who did nothing");
await hosted.stop();
const results = commands.map((command) => {
  if (command.type === "CompleteAttempt") return [command.runId, command.output];
  return [command.type === "Tick" ? "" : command.runId, "failure" in command ? command.failure.name : ""];
});
console.log(JSON.stringify({ results: Object.fromEntries(results), problems }));
