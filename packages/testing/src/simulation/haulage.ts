import type { RunCommand, RunEvent } from "@downbeat/domain";
import { partitionOf } from "@downbeat/domain";
import type { Consumer, MessageLog, ReceivedMessage } from "@downbeat/message-log";
import {
  encodeInboxMessage,
  type JobMessage,
  parseHistoryRecord,
  parseJobMessage,
  subscriptions,
  topics,
} from "@downbeat/protocol";
import { job, workflow } from "@downbeat/sdk";
import type { Schedule } from "./schedule.ts";
import { SimulatedProcess } from "./world.ts";

const startToCloseMs = 4_000;
const heartbeatMs = 3_000;
const maxAttempts = 4;

const haul = job<number, string>("haul", {
  retry: { maxAttempts, initialIntervalMs: 500, maxIntervalMs: 2_000 },
  startToCloseMs,
  heartbeatMs,
});

export const haulage = workflow("haulage", async (run, loads: number) => {
  await Promise.all(Array.from({ length: loads }, (_, load) => run.job(haul, load)));
});

const minute = 60_000;
const year = 366 * 24 * 60 * minute;
const wrongClocks = [-50 * year, -10 * minute, -minute, 0, minute, 10 * minute, 5 * year];

/** What truly happened to attempts, whoever was told of it. Times in ms of the true clock. */
export interface Truth {
  /** When handlers were called, by attempt. */
  readonly begun: Map<string, number[]>;
  /** When it was first said that they begin. */
  readonly said: Map<string, number>;
  /** When the last beat was said that got into the log, by attempt. */
  readonly beats: Map<string, number>;
  /** Attempts that a worker was at, or was about to begin, when it died. */
  readonly diedWith: Set<string>;
}

/** How many attempts a worker is at; what else it is handed waits in its hands. */
const atATime = 2;

/** A worker whose clock is wrong, that says when it begins, beats, and dies with what it has in hand. */
export class Haulier {
  readonly #schedule: Schedule;
  readonly #truth: Truth;
  readonly #name: string;
  readonly #wrongBy: number;
  readonly #forgetful: boolean;
  #connectedAt = 0;
  #process: SimulatedProcess;
  #log: MessageLog;
  #consumer: Consumer | undefined;
  readonly #waiting: { readonly message: ReceivedMessage; readonly attempt: JobMessage }[] = [];
  readonly #inHand = new Set<string>();
  #atWork = new Set<string>();

  /** @param forgetful the log counts no deliveries */
  constructor(schedule: Schedule, truth: Truth, name: string, forgetful: boolean) {
    this.#forgetful = forgetful;
    this.#schedule = schedule;
    this.#truth = truth;
    this.#name = name;
    this.#wrongBy = schedule.world.random.pick(wrongClocks);
    this.#process = new SimulatedProcess(name);
    this.#log = schedule.log.connect(this.#process);
    this.#open();
  }

  #open(): void {
    this.#connectedAt = this.#schedule.world.now;
    void this.#log
      .openConsumer(topics.jobs("haul"), {
        subscription: subscriptions.workers,
        type: "Shared",
        consumerName: this.#name,
        onMessage: (message) => this.#receive(message),
      })
      .then((opened) => {
        this.#consumer = opened;
      });
  }

  #receive(message: ReceivedMessage): void {
    const attempt = parseJobMessage(message.payload);
    const name = nameOf(attempt);
    if (this.#inHand.has(name)) return;
    this.#inHand.add(name);
    this.#waiting.push({ message, attempt });
    this.#next();
  }

  #next(): void {
    if (this.#atWork.size >= atATime) return;
    const next = this.#waiting.shift();
    if (next === undefined) return;
    const name = nameOf(next.attempt);
    this.#atWork.add(name);
    void this.#begin(next.attempt, next.message, this.#process).then((isBegun) => {
      if (!isBegun) this.#over(name, next.message);
    });
    this.#next();
  }

  #over(name: string, { position }: ReceivedMessage): void {
    this.#consumer?.acknowledge(position);
    this.#atWork.delete(name);
    this.#next();
  }

  async #begin(attempt: JobMessage, message: ReceivedMessage, life: SimulatedProcess): Promise<boolean> {
    const redelivered = this.#forgetful ? 0 : message.redeliveryCount;
    const again = this.#forgetful && message.publishTime < this.#connectedAt;
    const begins: RunCommand = {
      type: "HeartbeatAttempt",
      ...this.#ref(attempt, this.#schedule.world.now),
      begins: true,
      ...(again && { again }),
      ...(redelivered > 0 && { redelivered }),
    };
    if (!this.#truth.said.has(nameOf(attempt)))
      this.#truth.said.set(nameOf(attempt), this.#schedule.world.now);
    await this.#send(begins);
    if (redelivered > 0 || again) {
      const events = await this.#answerTo(begins);
      if (!events.some(({ type }) => type === "AttemptStarted")) return false;
    }
    if (this.#process === life) this.#work(attempt, message);
    return true;
  }

  #work(attempt: JobMessage, message: ReceivedMessage): void {
    const { world, inTrouble } = this.#schedule;
    const { random } = world;
    const name = nameOf(attempt);
    const began = world.now;
    this.#truth.begun.set(name, [...(this.#truth.begun.get(name) ?? []), began]);
    const fate = inTrouble ? random.next() : 1;
    if (fate < 0.12) return void world.schedule(random.between(0, 2_500), () => this.#die(), this.#process);
    // Some take too long, and some are silent for it.
    const lasts = fate < 0.35 ? random.between(4_500, 9_000) : random.between(50, 3_500);
    if (fate >= 0.2) this.#beat(attempt, began, began + Math.min(lasts, startToCloseMs));
    world.schedule(
      lasts,
      () => {
        const result: RunCommand = {
          type: "CompleteAttempt",
          ...this.#ref(attempt, began),
          output: '"done"',
        };
        void this.#send(result).then(() => this.#over(name, message));
      },
      this.#process,
    );
  }

  /** Within the limit, though often not much, and sometimes told late. */
  #beat(attempt: JobMessage, began: number, until: number): void {
    const { world } = this.#schedule;
    const { random } = world;
    const wait = random.between(10, heartbeatMs * 0.95);
    if (world.now + wait > until) return;
    world.schedule(
      wait,
      () => {
        const said = world.now;
        const agoMs = random.chance(0.4) ? Math.floor(random.between(1, 100)) : 0;
        world.schedule(
          agoMs,
          () =>
            void this.#send({
              type: "HeartbeatAttempt",
              ...this.#ref(attempt, began),
              ...(agoMs > 0 && { agoMs }),
              // What a worker that dies had not sent by then, nobody has heard.
            }).then(() => this.#truth.beats.set(nameOf(attempt), said)),
          this.#process,
        );
        this.#beat(attempt, began, until);
      },
      this.#process,
    );
  }

  /** With all that it has: what it was at, and what only waited in its hands. */
  #die(): void {
    const { world, log } = this.#schedule;
    for (const name of this.#atWork) if (this.#truth.said.has(name)) this.#truth.diedWith.add(name);
    this.#process.alive = false;
    log.disconnect(this.#process);
    this.#waiting.length = 0;
    this.#inHand.clear();
    this.#atWork = new Set();
    this.#consumer = undefined;
    world.schedule(world.random.between(100, 3_000), () => {
      this.#process = new SimulatedProcess(this.#name);
      this.#log = log.connect(this.#process);
      this.#open();
    });
  }

  async #send(command: RunCommand): Promise<void> {
    const { partitions } = this.#schedule.options;
    const producer = await this.#log.openProducer(topics.inbox(partitionOf(command.runId, partitions)));
    await producer.send({ payload: encodeInboxMessage([command]), key: command.runId });
    await producer.close();
  }

  #answerTo({ commandId, runId }: RunCommand): Promise<readonly RunEvent[]> {
    const { world, log, options } = this.#schedule;
    const topic = topics.history(partitionOf(runId, options.partitions));
    return new Promise((resolve) => {
      const look = (): void => {
        const answer = log
          .messages(topic)
          .map(({ payload }) => parseHistoryRecord(payload))
          .flatMap((record) => (record?.kind === "decisions" ? record.decisions : []))
          .find(({ inputId }) => inputId === commandId);
        if (answer !== undefined) resolve(answer.events);
        else world.schedule(20, look, this.#process);
      };
      look();
    });
  }

  #ref({ runId, jobId, attempt }: JobMessage, began: number) {
    const { world } = this.#schedule;
    return {
      commandId: this.#schedule.commandId(),
      runId,
      jobId,
      attempt,
      worker: this.#name,
      startedAt: Math.max(0, Math.floor(began + this.#wrongBy)),
      ranForMs: Math.floor(world.now - began),
    };
  }
}

function nameOf({ runId, jobId, attempt }: Pick<JobMessage, "runId" | "jobId" | "attempt">): string {
  return `${runId}/${jobId}/${attempt}`;
}

/** What engine and workers made of it, held against the truth. */
export function brokenPromises(schedule: Schedule, truth: Truth): string[] {
  const found: string[] = [];
  for (const [name, times] of truth.begun)
    if (times.length > 1) found.push(`W1: ${name} was begun ${times.length} times`);
  for (const { landedAt, payload } of schedule.log.messages(topics.history(0))) {
    const record = parseHistoryRecord(payload);
    if (record?.kind !== "decisions") continue;
    for (const { runId, events } of record.decisions) {
      for (const event of events) {
        if (event.type !== "AttemptFailed") continue;
        const name = nameOf({ runId, jobId: event.jobId, attempt: event.attempt });
        const began = truth.begun.get(name)?.[0] ?? truth.said.get(name);
        if (event.failure.name === "WorkerEnded") {
          if (!truth.diedWith.has(name)) found.push(`W2: ${name} has failed, and no worker died at it`);
          continue;
        }
        if (began === undefined) {
          found.push(`W3: ${name} has timed out and was never begun`);
          continue;
        }
        const isSilent = event.failure.timeout === "heartbeat";
        const limit = isSilent ? heartbeatMs : startToCloseMs;
        const took = landedAt - (isSilent ? (truth.beats.get(name) ?? began) : began);
        // To the twentieth, and as quick as messages are.
        if (took < limit * 0.98 - 30 || took > limit * 1.05 + 60)
          found.push(`W4: ${name} has timed out after ${Math.round(took)} ms; its limit is ${limit}`);
      }
    }
  }
  return found;
}
