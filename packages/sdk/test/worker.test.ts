import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { maxPayloadBytes, type RunCommand } from "@downbeat/domain";
import { openEmbeddedLog, serve } from "@downbeat/embedded-log";
import { type Clock, type MessageLog, systemClock } from "@downbeat/message-log";
import {
  encodeJobMessage,
  InvalidCommand,
  type JobMessage,
  parseInboxMessage,
  parseQuarantineMessage,
  topics,
} from "@downbeat/protocol";
import { openPulsarWebSocketLog } from "@downbeat/pulsar";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { Payloads } from "../src/codec/payloads.ts";
import { BusinessError, job, NonRetryableError, RetryLaterError } from "../src/index.ts";
import { silent } from "../src/logging/logger.ts";
import { type HandlersByName, handle, worker } from "../src/worker/index.ts";
import { JobQueue } from "../src/worker/job-queue.ts";
import { LogClock } from "../src/worker/log-clock.ts";
import { Trial } from "../src/worker/trial.ts";
import { collect, openTestLog, sending, until } from "./open-log.ts";
import { Owner } from "./owner.ts";

const quiet = { onProblem: () => {} };

function attemptOf(runId: string, more: Partial<JobMessage> = {}): JobMessage {
  return {
    runId,
    workflow: "w",
    jobId: "j1",
    jobType: "work",
    attempt: 1,
    idempotencyKey: `${runId}/j1`,
    input: "null",
    ...more,
  };
}

async function dispatch(log: MessageLog, ...messages: JobMessage[]): Promise<void> {
  const producer = await log.openProducer(topics.jobs("work"));
  await Promise.all(messages.map((message) => producer.send({ payload: encodeJobMessage(message) })));
  await producer.close();
}

/** Commands in the inbox, those apart that say that an attempt begins; and how many messages brought them. */
async function inbox(
  log: MessageLog,
): Promise<{ commands: RunCommand[]; begun: RunCommand[]; messages: () => number }> {
  let messages = 0;
  const begun: RunCommand[] = [];
  const commands = await collect<RunCommand>(log, [topics.inbox(0), topics.inbox(1)], (message) => {
    messages++;
    const parsed = parseInboxMessage(message.payload);
    expect(parsed.malformed).toEqual([]);
    const all = parsed.commands.filter((command): command is RunCommand => command.type !== "Tick");
    begun.push(...all.filter(begins));
    return all.filter((command) => !begins(command));
  });
  return { commands, begun, messages: () => messages };
}

function begins(command: RunCommand): boolean {
  return command.type === "HeartbeatAttempt" && command.begins === true;
}

async function backlog(log: MessageLog): Promise<number> {
  const { subscriptions } = await log.topicStats(topics.jobs("work"));
  return subscriptions[0]?.backlog ?? 0;
}

/** The one command that the handler's doing comes to. */
async function resultOf(
  jobs: HandlersByName | Parameters<typeof worker>[0]["jobs"],
  message = attemptOf("r"),
) {
  await using opened = await openTestLog();
  const { log } = opened;
  const { commands } = await inbox(log);
  const hosted = worker({ log: opened.connect(), jobs, name: "me", ...quiet });
  await dispatch(log, message);
  await until(() => commands.some((command) => command.type !== "HeartbeatAttempt"), "a result");
  await hosted.stop();
  const result = commands.find((command) => command.type !== "HeartbeatAttempt");
  expect(await backlog(log)).toBe(0);
  return result;
}

describe("what a handler does becomes a command", () => {
  test("returning completes the attempt", async () => {
    const before = Date.now();
    const result = await resultOf(
      { work: (input: { n: number }) => ({ twice: input.n * 2 }) },
      attemptOf("r", { input: '{"n":4}' }),
    );
    expect(result).toEqual({
      type: "CompleteAttempt",
      commandId: "r/j1/1/result",
      runId: "r",
      jobId: "j1",
      attempt: 1,
      worker: "me",
      startedAt: expect.any(Number),
      ranForMs: expect.any(Number),
      output: '{"twice":8}',
    });
    expect((result as { startedAt: number }).startedAt).toBeGreaterThanOrEqual(before);
  });

  test("the handler is told about its attempt", async () => {
    const result = await resultOf(
      {
        work: (_: unknown, context) => {
          const { jobId, runId, workflow, attempt, idempotencyKey } = context;
          return { jobId, runId, workflow, attempt, idempotencyKey, aborted: context.signal.aborted };
        },
      },
      attemptOf("r", { attempt: 3 }),
    );
    expect(JSON.parse((result as { output: string }).output)).toEqual({
      jobId: "j1",
      runId: "r",
      workflow: "w",
      attempt: 3,
      idempotencyKey: "r/j1",
      aborted: false,
    });
  });

  test("a business error rejects it, with its details", async () => {
    const result = await resultOf({
      work: () => {
        throw new BusinessError("CardDeclined", "The card was declined.", { code: 51 });
      },
    });
    expect(result).toMatchObject({
      type: "RejectAttempt",
      failure: {
        kind: "business",
        name: "CardDeclined",
        message: "The card was declined.",
        details: '{"code":51}',
      },
    });
  });

  test("another error fails it, with a stack that is cut", async () => {
    const result = await resultOf({
      work: async () => {
        const error = new TypeError("x".repeat(50_000));
        error.stack = "y".repeat(100_000);
        throw error;
      },
    });
    expect(result).toMatchObject({ type: "FailAttempt", failure: { kind: "technical", name: "TypeError" } });
    expect(JSON.stringify(result).length).toBeLessThan(15_000);
  });

  test.each([
    [new RetryLaterError("Busy", "later", 30_000), 30_000],
    [new RetryLaterError("Busy", "later", 0.5), 1],
    [new RetryLaterError("Busy", "later", Number.POSITIVE_INFINITY), 86_400_000],
    [new RetryLaterError("Busy", "later", -1), undefined],
    [new RetryLaterError("Busy", "later", Number.NaN), undefined],
    [new RetryLaterError("Busy", "later", "soon" as unknown as number), undefined],
    [Object.assign(new Error("later"), { retryAfterMs: 5 }), undefined],
  ])("%j is a failure that says when it may be tried again", async (error, retryAfterMs) => {
    const result = await resultOf({
      work: () => {
        throw error;
      },
    });
    expect(result).toMatchObject({ type: "FailAttempt", failure: { kind: "technical", message: "later" } });
    expect(result?.type === "FailAttempt" ? result.retryAfterMs : -1).toBe(retryAfterMs);
  });

  test("a NonRetryableError is never tried again", async () => {
    const result = await resultOf({
      work: () => {
        throw new NonRetryableError("NoSuchAirport", "There is no airport XXX.");
      },
    });
    expect(result).toMatchObject({
      type: "FailAttempt",
      failure: { kind: "invalid", name: "NoSuchAirport" },
    });
  });

  test.each([
    [
      "too long",
      () => "x".repeat(maxPayloadBytes),
      "The output is 131074 bytes of JSON; the limit is 131072.",
    ],
    ["no JSON", () => 1n, "The output can't be written as JSON"],
    [
      "a proxy that throws",
      () => new Proxy({}, { get: () => Promise.reject.call(undefined) }),
      "The output can't be written as JSON: it can't be read, as it threw TypeError: ",
    ],
  ])("an output that is %s is never tried again", async (_, handler, message) => {
    const result = await resultOf({ work: handler });
    expect(result).toMatchObject({
      type: "FailAttempt",
      failure: { kind: "invalid", name: "InvalidOutput" },
    });
    expect(JSON.stringify(result)).toContain(message);
  });

  test("throwing what is no Error is told as such", async () => {
    const result = await resultOf({ work: () => Promise.reject("nope") });
    expect(result).toMatchObject({
      failure: { kind: "technical", message: "Something that is no Error was thrown: nope" },
    });
  });

  describe("with schemas", () => {
    const checked = job("work", {
      input: z.object({ n: z.number(), note: z.string().default("none") }),
      output: z.object({ m: z.number() }),
    });

    test("input is what the schema makes of it", async () => {
      const given: unknown[] = [];
      const jobs = [
        handle(checked, (input) => {
          given.push(input);
          return { m: input.n };
        }),
      ];
      expect(await resultOf(jobs, attemptOf("r", { input: '{"n":4}' }))).toMatchObject({ output: '{"m":4}' });
      expect(given).toEqual([{ n: 4, note: "none" }]);
    });

    test("input or output that does not fit is never tried again", async () => {
      const misfit = handle(checked, () => ({ m: "seven" as unknown as number }));
      expect(
        await resultOf({ work: { job: checked, handler: () => 1 } }, attemptOf("r", { input: '{"n":4}' })),
      ).toMatchObject({
        failure: { kind: "invalid", name: "InvalidOutput" },
      });
      expect(await resultOf([misfit], attemptOf("r", { input: '{"n":"four"}' }))).toMatchObject({
        failure: { kind: "invalid", name: "InvalidInput" },
      });
      expect(await resultOf([misfit], attemptOf("r", { input: '{"n":4}' }))).toMatchObject({
        failure: { kind: "invalid", name: "InvalidOutput" },
      });
    });
  });
});

describe("an attempt that takes its time", () => {
  test("sends its first heartbeat at once, and thins them from then on", async () => {
    await using opened = await openTestLog();
    const { commands } = await inbox(opened.log);
    let release = (): void => {};
    const hosted = worker({
      log: opened.connect(),
      jobs: {
        work: (_: unknown, { heartbeat }) => {
          for (let i = 0; i < 100; i++) heartbeat({ i });
          return new Promise<void>((resolve) => {
            release = resolve;
          });
        },
        silent: () => new Promise<void>(() => {}),
      },
      ...quiet,
    });
    await dispatch(opened.log, attemptOf("r"));
    await until(() => commands.length === 1);
    expect(commands[0]).toMatchObject({
      type: "HeartbeatAttempt",
      commandId: "r/j1/1/heartbeat/1",
      details: '{"i":0}',
    });
    release();
    await until(() => commands.length === 2);
    await hosted.stop();
  });

  test("is said to begin before its handler is called; when it is tried again, that is safe in the log by then", async () => {
    await using opened = await openTestLog();
    const { begun, commands } = await inbox(opened.log);
    let before: readonly RunCommand[] = [];
    const hosted = worker({
      log: opened.connect(),
      jobs: {
        work: async () => {
          before = [...begun];
        },
      },
      name: "me",
      ...quiet,
    });
    await dispatch(opened.log, attemptOf("r", { attempt: 2 }));
    await until(() => commands.length === 1);
    expect(before).toMatchObject([{ type: "HeartbeatAttempt", runId: "r", worker: "me" }]);
    expect(before[0]).not.toHaveProperty("redelivered");
    await hosted.stop();
  });

  test("fails when its time is over, and its signal says so", async () => {
    let reason: unknown;
    const result = await resultOf(
      {
        work: (_: unknown, context) =>
          new Promise<void>((_resolve, reject) => {
            context.signal.addEventListener("abort", () => {
              reason = context.signal.reason;
              reject(new Error("aborted"));
            });
          }),
      },
      attemptOf("r", { startToCloseMs: 100 }),
    );
    expect(result).toMatchObject({
      type: "FailAttempt",
      failure: {
        kind: "timeout",
        timeout: "startToClose",
        message: "The handler did not finish within 100 ms.",
      },
    });
    expect(String(reason)).toContain("within 100 ms");
  });
});

describe("many attempts", () => {
  test("run as many at a time as allowed, and their results share messages", async () => {
    await using opened = await openTestLog();
    const { commands, messages } = await inbox(opened.log);
    let running = 0;
    let most = 0;
    const hosted = worker({
      log: opened.connect(),
      jobs: {
        work: {
          concurrency: 7,
          handler: async () => {
            most = Math.max(most, ++running);
            await new Promise((resolve) => setTimeout(resolve, 2));
            running--;
          },
        },
      },
      ...quiet,
    });
    await dispatch(opened.log, ...Array.from({ length: 200 }, (_, i) => attemptOf(`r${i}`)));
    await until(() => commands.length === 200, "200 results");
    expect(new Set(commands.map((command) => command.commandId)).size).toBe(200);
    expect(most).toBe(7);
    // Two commands each.
    expect(messages()).toBeLessThan(300);
    await until(async () => (await backlog(opened.log)) === 0, "an empty backlog");
    await hosted.stop();
  });

  test("one that is delivered twice is carried out once", async () => {
    await using opened = await openTestLog();
    const { commands } = await inbox(opened.log);
    let calls = 0;
    const hosted = worker({
      log: opened.connect(),
      jobs: {
        work: async () => {
          calls++;
          await new Promise((resolve) => setTimeout(resolve, 20));
        },
      },
      ...quiet,
    });
    await dispatch(opened.log, attemptOf("r"), attemptOf("r"));
    await until(() => commands.length === 1);
    await dispatch(opened.log, attemptOf("r"), attemptOf("r", { attempt: 2 }));
    await until(() => commands.length === 2);
    await until(async () => (await backlog(opened.log)) === 0, "an empty backlog");
    expect(calls).toBe(2);
    await hosted.stop();
  });

  test("a malformed one goes to quarantine and holds nobody up", async () => {
    await using opened = await openTestLog();
    const { log } = opened;
    const { commands } = await inbox(log);
    const setAside = await collect(log, [topics.quarantine], (message) => [
      parseQuarantineMessage(message.payload),
    ]);
    const hosted = worker({ log: opened.connect(), jobs: { work: () => 1 }, ...quiet });
    const producer = await log.openProducer(topics.jobs("work"));
    await producer.send({ payload: Buffer.from("{no json") });
    await producer.send({ payload: Buffer.from('{"runId":""}') });
    await dispatch(log, attemptOf("r"));
    await until(() => commands.length === 1 && setAside.length === 2);
    expect(setAside[0]).toMatchObject({ topic: "jobs-work", text: "{no json" });
    await until(async () => (await backlog(log)) === 0, "an empty backlog");
    await hosted.stop();
  });
});

test("results that are too much for one message of the log are sent apart, and one that is too large alone fails", async () => {
  await using opened = await openTestLog(2, { maxMessageBytes: 2_000 });
  const { commands } = await inbox(opened.log);
  const jobs = { work: (input: { length: number }) => "x".repeat(input.length) };
  const hosted = worker({ log: opened.connect(), jobs, ...quiet });
  const lengths = [...Array.from({ length: 50 }, () => 500), 5_000, 1_500];
  await dispatch(
    opened.log,
    ...lengths.map((length, i) => attemptOf(`r${i}`, { input: `{"length":${length}}` })),
  );
  await until(() => commands.length === lengths.length, "all results");
  const failed = commands.filter((command) => command.type === "FailAttempt");
  expect(failed).toMatchObject([{ runId: "r50", failure: { kind: "invalid", name: "InvalidOutput" } }]);
  await hosted.stop();
});

test("a result that can't be sent as it is becomes a failed attempt with the reason", async () => {
  await using opened = await openTestLog();
  const sent: RunCommand[] = [];
  const send = async (command: RunCommand) => {
    if (command.type === "CompleteAttempt") throw new InvalidCommand("CompleteAttempt can't be sent.");
    sent.push(command);
  };
  const sender = {
    send,
    post: (command: RunCommand) => ({
      receipt: send(command),
      sent: Promise.resolve(),
      withdraw: () => false,
    }),
  };
  const problems: string[] = [];
  const queue = new JobQueue(
    { jobType: "work", execute: () => 1 },
    {
      log: opened.connect(),
      logger: silent,
      sender,
      quarantine: { add: async () => {} },
      concurrency: 1,
      trial: new Trial(systemClock),
      logClock: new LogClock(opened.log, systemClock),
      inboxOf: () => topics.inbox(0),
      onBegun: () => {},
      decisionOn: async () => undefined,
      worker: "me",
      clock: systemClock,
      reconnect: { clock: systemClock },
      sendHeartbeat: () => {},
      payloads: new Payloads(undefined),
      onStray: () => {},
      onProblem: (problem) => problems.push(problem),
    },
  );
  await dispatch(opened.log, attemptOf("r"));
  await until(() => sent.length > 1, "the failure");
  expect(sent).toMatchObject([
    { type: "HeartbeatAttempt", begins: true },
    {
      type: "FailAttempt",
      failure: { kind: "invalid", name: "InvalidOutput", message: "CompleteAttempt can't be sent." },
    },
  ]);
  expect(problems).toEqual([]);
  await queue.close();
});

describe("an attempt that came back", () => {
  /** As a worker that dies with what it has. */
  async function die(log: MessageLog, messages: number): Promise<void> {
    let count = 0;
    const taken = await log.openConsumer(topics.jobs("work"), {
      subscription: "workers",
      type: "Shared",
      onMessage: () => void count++,
    });
    await until(() => count === messages, "what is to come back");
    await taken.close();
  }

  test("is not begun before the engine says that nobody had begun it", async () => {
    await using opened = await openTestLog();
    const owner = new Owner(opened.connect());
    const failure = { kind: "technical", name: "WorkerEnded", message: "It ended." } as const;
    await owner.answer(2, (command) => {
      if (command.type !== "HeartbeatAttempt") return undefined;
      const { jobId, attempt, worker, startedAt, redelivered = 0 } = command;
      switch (command.runId) {
        case "deadly":
          return [{ type: "AttemptFailed", jobId, attempt, failure }];
        case "over":
          return [{ type: "CommandRefused", command: command.type, code: "AttemptOver", message: "over" }];
        default:
          return [{ type: "AttemptStarted", jobId, attempt, worker, startedAt, redelivered }];
      }
    });
    await dispatch(opened.log, attemptOf("deadly"), attemptOf("over"), attemptOf("innocent"));
    await die(opened.connect(), 3);
    const called: string[] = [];
    const work = (_: unknown, { runId }: { runId: string }) => void called.push(runId);
    const hosted = worker({ log: opened.connect(), jobs: { work }, ...quiet });
    await until(async () => (await backlog(opened.log)) === 0, "all to be acknowledged");
    expect(called).toEqual(["innocent"]);
    expect(owner.commands.filter(begins)).toMatchObject([
      { redelivered: 1 },
      { redelivered: 1 },
      { redelivered: 1 },
    ]);
    await hosted.stop();
  });

  test("is asked for, on a log that forgets who had what, as long as it was there before its worker", async () => {
    await using opened = await openTestLog();
    const owner = new Owner(opened.connect());
    const failure = { kind: "technical", name: "WorkerEnded", message: "It ended." } as const;
    await owner.answer(2, (command) => {
      if (command.type !== "HeartbeatAttempt") return undefined;
      const { jobId, attempt, worker, startedAt, commandId: beginId } = command;
      if (command.runId === "deadly") return [{ type: "AttemptFailed", jobId, attempt, failure }];
      return [{ type: "AttemptStarted", jobId, attempt, worker, startedAt, beginId }];
    });
    await dispatch(opened.log, attemptOf("deadly"), attemptOf("innocent"));
    const connected = opened.connect();
    const log: MessageLog = Object.assign(Object.create(connected), {
      forgetsDeliveries: true,
      openConsumer: connected.openConsumer.bind(connected),
      openProducer: connected.openProducer.bind(connected),
      openReader: connected.openReader.bind(connected),
      partitionsOf: connected.partitionsOf.bind(connected),
      lastPosition: connected.lastPosition.bind(connected),
    });
    const called: string[] = [];
    const work = (_: unknown, { runId }: { runId: string }) => void called.push(runId);
    const hosted = worker({ log, jobs: { work }, ...quiet });
    await until(() => called.length > 0 && owner.commands.filter(begins).length === 2, "the answers");
    await until(async () => (await backlog(opened.log)) === 0, "all to be acknowledged");
    expect(called).toEqual(["innocent"]);
    expect(owner.commands.filter(begins)).toMatchObject([{ again: true }, { again: true }]);
    // What comes later is not asked for, once the time is known to which the log's is.
    const isAsked = () => owner.commands.filter(begins).at(-1);
    await until(async () => {
      await dispatch(opened.log, attemptOf(`new-${owner.commands.length}`));
      await until(async () => (await backlog(opened.log)) === 0, "it to be acknowledged");
      return !("again" in (isAsked() ?? {}));
    }, "one that is known to be new");
    await hosted.stop();
  });

  test("is begun without an answer when no engine gives one in time", async () => {
    await using opened = await openTestLog();
    const { commands, begun } = await inbox(opened.log);
    await dispatch(opened.log, attemptOf("r"));
    await die(opened.connect(), 1);
    const hosted = worker({ log: opened.connect(), jobs: { work: () => 1 }, clock: hasty(), ...quiet });
    await until(() => commands.length === 1, "the result");
    expect(begun).toMatchObject([{ redelivered: 1 }]);
    await hosted.stop();
  });

  test("of a job that ended a worker before is begun one at a time, while others go on", async () => {
    await using opened = await openTestLog();
    const atWork = new Map<string, () => void>();
    const work = (_: unknown, { runId }: { runId: string }) =>
      new Promise<void>((resolve) => atWork.set(runId, resolve));
    const hosted = worker({ log: opened.connect(), jobs: { work }, clock: still(), ...quiet });
    const careful = ["a", "b", "c"].map((runId) => attemptOf(runId, { attempt: 2, careful: true }));
    await dispatch(opened.log, ...careful, attemptOf("new-1"), attemptOf("new-2"));
    await until(() => atWork.size === 3, "one of each kind");
    expect([...atWork.keys()].sort()).toEqual(["a", "new-1", "new-2"]);
    atWork.get("a")?.();
    await until(() => atWork.has("b"), "the next careful one");
    expect(atWork.has("c")).toBe(false);
    for (const name of ["b", "new-1", "new-2"]) atWork.get(name)?.();
    await until(() => atWork.has("c"), "the last careful one");
    atWork.get("c")?.();
    await hosted.stop();
  });
});

/** A clock on which waiting is over at once. */
function hasty(): Clock {
  return {
    now: () => Date.now(),
    setTimer: (callback, ms) => systemClock.setTimer(callback, Math.min(ms, 50)),
  };
}

/** A clock on which no time passes. */
function still(): Clock {
  return { now: () => 1_000, setTimer: () => () => {} };
}

describe("the options of a worker", () => {
  const log = { openProducer: () => {}, openConsumer: () => {}, openReader: () => {} };

  test.each<[string, Record<string, unknown>, RegExp]>([
    [
      "NaN at a time",
      { concurrency: Number.NaN },
      /concurrency can't be NaN: it is a whole number from 1 to 1000/,
    ],
    ["half a handler at a time", { concurrency: 0.5 }, /concurrency can't be 0\.5/],
    ["a name too long", { name: "x".repeat(201) }, /name can't be "x+…: it is a text of 1 to 200/],
    ["no handlers", { jobs: undefined }, /jobs of worker\(\) is an object of handlers/],
    [
      "a handler that is none",
      { jobs: { work: 7 } },
      /^The options of the handler of work can't be taken\. They can't be 7/,
    ],
    [
      "a typing error in a handler",
      { jobs: { work: { handler: () => 1, concurency: 2 } } },
      /no option concurency; did you mean concurrency\?$/,
    ],
    ["a swapped letter", { cocnurrency: 3 }, /no option cocnurrency; did you mean concurrency\?$/],
    ["fewer than none at a time", { concurrency: -1 }, /concurrency can't be -1: it is a whole number/],
    ["all at a time", { concurrency: 1e9 }, /concurrency can't be 1000000000: it is a whole number/],
    [
      "two handlers of one job",
      { jobs: [handle(job("a"), () => {}), handle(job("a"), () => {})] },
      /two handlers of a/,
    ],
    ["a job name that is none", { jobs: { "a b": () => 1 } }, /"a b" can't name a job/],
    ["no job", { jobs: [] }, /jobs of worker\(\) is empty/],
    [
      "another job's definition",
      { jobs: { work: { handler: () => 1, job: job("else") } } },
      /job is the definition of "else"/,
    ],
  ])("%s is refused at once", (_, options, sentence) => {
    expect(() => worker({ log, jobs: {}, ...options } as never)).toThrow(sentence);
  });

  test.each<[string, Record<string, unknown>, RegExp]>([
    [
      "a typing error inside retry",
      { retry: { maxAtempts: 3 } },
      /There is no option retry\.maxAtempts; did you mean retry\.maxAttempts\?$/,
    ],
    [
      "an option that is nothing like one",
      { retry: { forever: true } },
      /There is no option retry\.forever; there are maxAttempts, initialIntervalMs, coefficient, maxIntervalMs, jitter, nonRetryable\.$/,
    ],
    ["a schema under another name", { inptu: {} }, /There is no option inptu; did you mean input\?$/],
    ["no attempts", { retry: { maxAttempts: 0 } }, /retry\.maxAttempts can't be 0: it is a whole number/],
    ["part of an attempt", { retry: { maxAttempts: 1.5 } }, /retry\.maxAttempts can't be 1\.5/],
    ["a shrinking interval", { retry: { coefficient: 0.5 } }, /retry\.coefficient can't be 0\.5/],
    ["more jitter than interval", { retry: { jitter: 1.1 } }, /retry\.jitter can't be 1\.1/],
    ["time that runs back", { heartbeatMs: -1 }, /heartbeatMs can't be -1/],
    [
      "an interval without end",
      { retry: { maxIntervalMs: Infinity } },
      /retry\.maxIntervalMs can't be Infinity: it is a number of milliseconds from 0 to 3162240000000/,
    ],
    ["a limit beyond a century", { startToCloseMs: 2 ** 53 }, /startToCloseMs can't be 9007199254740992/],
    ["a text", { heartbeatMs: "1 minute" }, /heartbeatMs can't be "1 minute"/],
    ["nothing", { scheduleToStartMs: 0 }, /scheduleToStartMs can't be 0/],
    ["a schema that is none", { input: {} }, /input can't be {}: it is a zod schema/],
  ])("%s in a job is refused at once", (_, options, sentence) => {
    expect(() => job("work", options as never)).toThrow(sentence);
  });

  test("parts of a millisecond are rounded up once, where they enter", () => {
    const { options } = job("work", { heartbeatMs: 600_000 / 7, retry: { initialIntervalMs: 0.5 } });
    expect(options).toEqual({ heartbeatMs: 85_715, retry: { initialIntervalMs: 1 } });
  });
});

describe("stopping", () => {
  test("refuses options that there are not", async () => {
    await using opened = await openTestLog();
    const hosted = worker({ log: opened.log, jobs: { work: () => 1 }, ...quiet });
    await expect(hosted.stop({ graceMS: 1 } as never)).rejects.toThrow(
      "There is no option graceMS; did you mean graceMs?",
    );
    await expect(hosted.stop({ graceMs: Number.NaN })).rejects.toThrow(/graceMs can't be NaN/);
    await hosted.stop({ graceMs: 0 });
  });

  test("finishes what runs, sends its result and takes up nothing new", async () => {
    await using opened = await openTestLog();
    const { commands } = await inbox(opened.log);
    let calls = 0;
    const hosted = worker({
      log: opened.connect(),
      jobs: {
        work: {
          concurrency: 1,
          handler: async () => {
            calls++;
            await new Promise((resolve) => setTimeout(resolve, 50));
          },
        },
      },
      ...quiet,
    });
    await dispatch(opened.log, attemptOf("a"), attemptOf("b"), attemptOf("c"));
    await until(() => calls === 1);
    expect(hosted.running).toBe(1);
    await hosted.stop();
    expect(calls).toBe(1);
    expect(commands).toHaveLength(1);
    expect(await backlog(opened.log)).toBe(2);
    // What it held and did not begin is carried out by another one.
    const other = worker({ log: opened.connect(), jobs: { work: () => calls++ }, ...quiet });
    await until(() => commands.filter(({ type }) => type === "CompleteAttempt").length === 3);
    await other.stop();
  });

  test("waits for the receipts of what its handlers came to: they are not to do it again elsewhere", async () => {
    await using opened = await openTestLog();
    const receipts = Promise.withResolvers<void>();
    let calls = 0;
    const log = sending(opened.connect(), (_, message) => async (producer) => {
      const receipt = await producer.send(message);
      if (calls > 0) await receipts.promise;
      return receipt;
    });
    const hosted = worker({ log, jobs: { work: () => void calls++ }, ...quiet });
    await dispatch(opened.log, attemptOf("a"));
    await until(() => calls === 1);
    const stopped = hosted.stop();
    for (let turns = 0; turns < 50; turns++) await new Promise((resolve) => setImmediate(resolve));
    receipts.resolve();
    await stopped;
    expect(await backlog(opened.log)).toBe(0);
  });

  test("doesn't wait without end where the log gives no receipts", async () => {
    await using opened = await openTestLog();
    let calls = 0;
    const log = sending(opened.connect(), (_, message) => async (producer) => {
      if (calls > 0) await new Promise(() => {});
      return producer.send(message);
    });
    const hosted = worker({ log, jobs: { work: () => void calls++ }, clock: hasty(), ...quiet });
    await dispatch(opened.log, attemptOf("a"));
    await until(() => calls === 1);
    await hosted.stop();
    expect(await backlog(opened.log)).toBe(1);
  });

  test("after the grace time it aborts, and leaves what failed for it to another worker", async () => {
    await using opened = await openTestLog();
    const { commands } = await inbox(opened.log);
    let aborted = false;
    const hosted = worker({
      log: opened.connect(),
      jobs: {
        work: (_: unknown, context) =>
          new Promise<void>((_resolve, reject) => {
            context.signal.addEventListener("abort", () => {
              aborted = true;
              reject(new Error("stopped"));
            });
          }),
      },
      ...quiet,
    });
    await dispatch(opened.log, attemptOf("a"));
    await until(() => hosted.running === 1);
    await hosted.stop({ graceMs: 20 });
    expect(aborted).toBe(true);
    expect(commands).toEqual([]);
    expect(await backlog(opened.log)).toBe(1);
  });

  test("a worker that never found its log can be stopped", async () => {
    const log = openPulsarWebSocketLog({ serviceUrl: "ws://127.0.0.1:9" });
    const problems: string[] = [];
    const hosted = worker({ log, jobs: { work: () => 1 }, onProblem: (problem) => problems.push(problem) });
    await until(() => problems.length > 0);
    await hosted.stop();
    await expect(hosted.ready).rejects.toThrow("Closed before");
    await log.close();
  });
});

test("a worker comes back when the log's server was away", async () => {
  const directory = await mkdtemp(join(tmpdir(), "downbeat-sdk-"));
  const embedded = await openEmbeddedLog({ file: join(directory, "log.db") });
  const own = embedded.connect();
  await own.createPartitionedTopic("inbox", 2);
  let server = await serve(embedded, { port: 0 });
  const { port } = server;
  const log = openPulsarWebSocketLog({ serviceUrl: server.url });
  const { commands } = await inbox(own);
  let calls = 0;
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const hosted = worker({
    log,
    jobs: {
      work: async () => {
        calls++;
        await held;
      },
    },
    ...quiet,
  });
  await dispatch(own, attemptOf("before"));
  await until(() => calls === 1);
  await server.close();
  release();
  server = await serve(embedded, { port });
  await dispatch(own, attemptOf("after"));
  await until(() => commands.length === 2, "both results");
  await until(async () => (await backlog(own)) === 0, "an empty backlog");
  expect(calls).toBe(2);
  await hosted.stop();
  await log.close();
  await server.close();
  await embedded.close();
  await rm(directory, { recursive: true });
});
