import type { RunCommand } from "@downbeat/domain";
import {
  type Consumer,
  type ConsumerOptions,
  type MessageLog,
  type Position,
  systemClock,
} from "@downbeat/message-log";
import { encodeJobMessage } from "@downbeat/protocol";
import { expect, test } from "vitest";
import { Payloads } from "../src/codec/payloads.ts";
import { silent } from "../src/logging/logger.ts";
import { JobQueue } from "../src/worker/job-queue.ts";
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

  deliver(runId: string, position: string, redeliveryCount = 0): void {
    const names = { runId, workflow: "w", jobId: "j1", jobType: "work", idempotencyKey: `${runId}/j1` };
    this.sessions.at(-1)?.onMessage({
      position: position as Position,
      payload: encodeJobMessage({ ...names, attempt: 2, input: "null", careful: true }),
      properties: {},
      publishTime: 1,
      redeliveryCount,
    });
  }
}

test("what a worker holds and has not begun is another one's when its connection is lost, and its own again only when it is handed over again", async () => {
  const handed = new Handed();
  const atWork = new Map<string, () => void>();
  const said: RunCommand[] = [];
  const queue = new JobQueue(
    {
      jobType: "work",
      execute: (_, { runId }) => new Promise<void>((resolve) => atWork.set(runId, resolve)),
    },
    {
      log: handed.log,
      logger: silent,
      sender: {
        send: async () => {},
        post: () => ({ receipt: Promise.resolve(), sent: Promise.resolve(), withdraw: () => false }),
      },
      quarantine: { add: async () => {} },
      concurrency: 5,
      // Of the careful ones, one at a time.
      trial: new Trial({ now: () => 0, setTimer: () => () => {} }),
      logClock: new LogClock(handed.log, systemClock),
      inboxOf: () => "inbox",
      onBegun: () => {},
      decisionOn: async (command) => {
        said.push(command);
        return [{ type: "AttemptStarted", jobId: "j1", attempt: 2, worker: "me", startedAt: 1 }];
      },
      worker: "me",
      clock: systemClock,
      reconnect: { clock: systemClock, minDelayMs: 1 },
      sendHeartbeat: () => {},
      payloads: new Payloads(undefined),
      onStray: () => {},
      onProblem: () => {},
    },
  );
  await until(() => handed.sessions.length === 1, "a connection");
  handed.deliver("a", "0:1");
  handed.deliver("b", "0:2");
  await until(() => atWork.has("a"), "the first");
  handed.sessions[0]?.onClose?.(new Error("lost"));
  await until(() => handed.sessions.length === 2, "the next connection");
  atWork.get("a")?.();
  await until(() => handed.acknowledged.length === 1, "the first's result");
  expect(atWork.has("b")).toBe(false);
  handed.deliver("b", "0:2", 1);
  await until(() => atWork.has("b"), "the second, handed over again");
  expect(said).toMatchObject([{ runId: "b", begins: true, redelivered: 1 }]);
  atWork.get("b")?.();
  await until(() => handed.acknowledged.length === 2, "the second's result");
  await queue.close();
});
