import type { RunCommand } from "@downbeat/domain";
import {
  type Consumer,
  type ConsumerOptions,
  type MessageLog,
  type Position,
  systemClock,
} from "@downbeat/message-log";
import { encodeJobMessage, type JobMessage } from "@downbeat/protocol";
import { Payloads } from "../src/codec/payloads.ts";
import { silent } from "../src/logging/logger.ts";
import type { HandledJob, JobContext } from "../src/worker/handler.ts";
import { JobQueue, type JobQueueOptions } from "../src/worker/job-queue.ts";
import { LogClock } from "../src/worker/log-clock.ts";
import { Trial } from "../src/worker/trial.ts";
import { until } from "./open-log.ts";

/** A log whose consumers the test hands messages to, and ends. */
class Handed {
  readonly sessions: ConsumerOptions[] = [];
  readonly acknowledged: Position[] = [];
  readonly log = {
    openConsumer: async (_: string, options: ConsumerOptions): Promise<Consumer> => {
      this.sessions.push(options);
      return {
        acknowledge: (position) => void this.acknowledged.push(position),
        negativeAcknowledge: () => {},
        close: async () => {},
      };
    },
  } as never as MessageLog;

  deliver(
    runId: string,
    position: string,
    redeliveryCount = 0,
    more: Partial<JobMessage> = { attempt: 2, careful: true },
  ): void {
    const names = { runId, workflow: "w", jobId: "j1", jobType: "work", idempotencyKey: `${runId}/j1` };
    const message = encodeJobMessage({ ...names, attempt: 1, input: "null", ...more });
    this.deliverBytes(message, position, redeliveryCount);
  }

  deliverBytes(payload: Uint8Array, position: string, redeliveryCount = 0): void {
    this.sessions.at(-1)?.onMessage({
      position: position as Position,
      payload,
      properties: {},
      publishTime: 1,
      redeliveryCount,
    });
  }
}

/** A queue whose handlers end when the test says so. */
export async function opened(more: Partial<JobQueueOptions & HandledJob> = {}) {
  const handed = new Handed();
  const atWork = new Map<string, { readonly context: JobContext; end(output?: unknown): void }>();
  const posted: RunCommand[] = [];
  const state = {
    sent: [] as RunCommand[],
    send: async (command: RunCommand): Promise<void> => void state.sent.push(command),
    setAside: [] as unknown[],
    quarantineFails: false,
  };
  const problems: string[] = [];
  const begun: string[] = [];
  const { concurrency, ...others } = more;
  const queue = new JobQueue(
    {
      jobType: "work",
      execute: (_, context) => new Promise((resolve) => atWork.set(context.runId, { context, end: resolve })),
      ...(concurrency !== undefined && { concurrency }),
    },
    {
      log: handed.log,
      logger: silent,
      sender: {
        send: (command) => state.send(command),
        post: (command) => {
          posted.push(command);
          return { receipt: Promise.resolve(), sent: Promise.resolve(), withdraw: () => false };
        },
      },
      quarantine: {
        add: async (topic, at, payload, reason) => {
          if (state.quarantineFails) throw new Error("away");
          state.setAside.push([topic, at, Buffer.from(payload).toString(), reason]);
        },
      },
      concurrency: 2,
      trial: new Trial(systemClock),
      logClock: new LogClock(handed.log, systemClock),
      inboxOf: () => "inbox",
      onBegun: (name) => void begun.push(name),
      decisionOn: async () => undefined,
      worker: "me",
      clock: systemClock,
      reconnect: { clock: systemClock, minDelayMs: 1 },
      sendHeartbeat: () => {},
      payloads: new Payloads(undefined),
      onStray: () => {},
      onProblem: (what) => void problems.push(what),
      ...others,
    },
  );
  await until(() => handed.sessions.length === 1, "a connection");
  const deliver = (runId: string, place: number, redeliveryCount = 0, given: Partial<JobMessage> = {}) =>
    handed.deliver(runId, `0:${place}`, redeliveryCount, given);
  const working = (runId: string) => until(() => atWork.has(runId), `${runId} at work`);
  return { handed, queue, atWork, posted, state, problems, begun, deliver, working };
}
