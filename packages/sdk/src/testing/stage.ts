import { longestDurationMs } from "@downbeat/domain";
import { Engine, MemoryStateStore } from "@downbeat/engine";
import { nextTurn } from "@downbeat/message-log";
import { MemoryLog } from "@downbeat/message-log/memory";
import { encodeInboxMessage, partitionedTopics, topics } from "@downbeat/protocol";
import { type Client, client } from "../client/index.ts";
import { EncryptedSession } from "../codec/encrypted-session.ts";
import type { PayloadCodec } from "../codec/payload-codec.ts";
import type { Payloads } from "../codec/payloads.ts";
import { inProcessDecisions } from "../decisions/index.ts";
import type { LoggerOption } from "../logging/careful-logger.ts";
import { keepStrays } from "../stray-rejections.ts";
import { type Worker, worker } from "../worker/index.ts";
import type { AnyWorkflow } from "../workflow.ts";
import { type Driver, problem } from "./driver.ts";
import type { JobHandlers } from "./job-handlers.ts";
import type { RunBook } from "./run-book.ts";
import type { SimulatedTime } from "./simulated-time.ts";
import type { Work } from "./work.ts";

const mostSteps = 10_000;

interface StageParts {
  readonly workflows: readonly AnyWorkflow[];
  readonly time: SimulatedTime;
  readonly work: Work;
  readonly book: RunBook;
  readonly handlers: JobHandlers;
  readonly driver: Driver;
  readonly logger: LoggerOption;
  readonly payloads: Payloads;
  readonly codec: PayloadCodec | undefined;
}

/** Log, engine, workers and client in this process, all on simulated time. */
export class Stage {
  readonly client: Client;
  readonly #parts: StageParts;
  readonly #log: MemoryLog;
  readonly #engine: Engine;
  readonly #workers: Worker[] = [];
  #letStrays = (): void => {};

  constructor(parts: StageParts) {
    const { time, work, driver } = parts;
    this.#parts = parts;
    this.#log = new MemoryLog({ clock: time.clock, onActivity: work.note });
    const log = this.#log;
    const { codec } = parts;
    this.client = client({ log, codec, actor: "test", clock: time.clock });
    this.#engine = new Engine({
      log,
      decisions: this.#decisions(),
      partitions: 1,
      owner: "engine",
      clock: time.engineClock((run) => {
        work.note();
        nextTurn(run);
      }),
      wallClock: () => time.now,
      store: () => new MemoryStateStore(),
      // Nothing is to be kept, and no connection is lost.
      tickMs: longestDurationMs,
      tuning: { snapshotEveryMs: longestDurationMs, renewIdleMs: longestDurationMs },
      observer: {
        dropped: (_, reason) => driver.report(problem(`The engine gave up: ${reason}`)),
        quarantined: (topic, reason) =>
          driver.report(problem(`A message of ${topic} was put into quarantine: ${reason}`)),
      },
    });
  }

  async open(): Promise<void> {
    this.#letStrays = keepStrays();
    const { book, handlers, work } = this.#parts;
    for (const topic of partitionedTopics) await this.#log.createPartitionedTopic(topic, 1);
    await book.follow(this.#log);
    // From before the first claim: so it knows what counts without waiting for what comes after it.
    await this.client.follow("any");
    this.#engine.start();
    // It claims its partition when a message comes.
    const inbox = await this.#log.openProducer(topics.inbox(0));
    await inbox.send({ payload: encodeInboxMessage([{ type: "Tick" }]) });
    await inbox.close();
    this.host(handlers.jobTypes);
    await work.settled();
  }

  /** Has attempts of these jobs handed to their handlers. */
  host(jobTypes: readonly string[]): void {
    if (jobTypes.length === 0) return;
    const { time, handlers, driver, logger, codec } = this.#parts;
    const count = this.#workers.length;
    this.#workers.push(
      worker({
        log: this.#log,
        codec,
        name: count === 0 ? "worker" : `worker-${count + 1}`,
        jobs: handlers.hosted(jobTypes),
        concurrency: 1_000,
        clock: time.clock,
        logger,
        onProblem: (what, error) => driver.report(problem(what, error)),
      }),
    );
  }

  async close(): Promise<void> {
    const closing = (async () => {
      await Promise.all(this.#workers.map((hosted) => hosted.stop({ graceMs: 0 })));
      await this.client.close();
      await this.#engine.stop();
      await this.#parts.book.close();
      await this.#log.close();
    })();
    await this.#through(closing).finally(() => this.#letStrays());
  }

  /** Lets time pass until it is done, whatever else happens meanwhile. */
  async #through(done: Promise<void>): Promise<void> {
    const { time } = this.#parts;
    let isDone = false;
    const end = (): void => {
      isDone = true;
    };
    done.then(end, end);
    for (let steps = 0; steps < mostSteps; steps++) {
      for (let turns = 0; turns < 4 && !isDone; turns++)
        await new Promise<void>((resolve) => nextTurn(resolve));
      if (isDone) return done;
      const { nextTimer } = time;
      if (nextTimer !== undefined) time.moveTo(nextTimer);
      time.callDue();
    }
    throw problem("The environment could not be closed.");
  }

  #decisions(): ReturnType<typeof inProcessDecisions> {
    const { workflows, work, driver, logger } = this.#parts;
    const service = inProcessDecisions(workflows, {
      logger,
      onStray: (runId, error) =>
        driver.report(
          problem(`Run ${runId} left a promise behind that was rejected: ${error.message}`, error),
        ),
    });
    return {
      ...service,
      openSession: () => {
        const session = new EncryptedSession(service.openSession(), this.#parts.payloads);
        // While code is asked, time stands still.
        const counted = async <T>(what: string, answer: Promise<T>): Promise<T> => {
          const task = work.begin(what);
          return answer.finally(() => task.end());
        };
        return {
          ask: (question) => counted(`The code of ${question.runId}`, session.ask(question)),
          check: (question, offer) =>
            counted(`The code of ${question.runId}`, session.check(question, offer)),
          forget: (runId) => session.forget(runId),
          close: () => session.close(),
        };
      },
    };
  }
}
