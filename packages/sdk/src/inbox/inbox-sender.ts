import { partitionOf, type RunCommand } from "@downbeat/domain";
import {
  LogError,
  type MessageLog,
  nextTurn,
  type ReconnectingProducer,
  type ReconnectOptions,
  reconnectingProducer,
} from "@downbeat/message-log";
import { encodeCommand, inboxMessageOf, topics } from "@downbeat/protocol";
import { asError } from "../thrown/as-error.ts";

/** A message of so many bytes is not added to; with base64 around it, it stays far below Pulsar's 1 MiB frame. */
const fullBytes = 300_000;
const fullCommands = 1_000;

interface Queued {
  readonly runId: string;
  readonly json: string;
  readonly bytes: number;
  readonly onSent: () => void;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** A command on its way. */
export interface Posting {
  /**
   * Resolves when the command is durable in the inbox. Rejects with `InvalidCommand` when the engine would not take it, otherwise
   * when the log does not, or the sender is closed.
   */
  readonly receipt: Promise<void>;
  /** Resolves when it is on its way: should this process end now, it gets there all the same. Rejects as the receipt does. */
  readonly sent: Promise<void>;
  /** Takes it back, if it was not handed to the log yet. Its receipt never comes then. */
  withdraw(): boolean;
}

/**
 * Sends commands to the inbox. What comes up while an earlier message of the same partition is under way goes into one
 * message together, so the cost of a message is shared by more commands the busier it gets.
 */
export class InboxSender {
  readonly #log: MessageLog;
  readonly #partitions: number;
  readonly #reconnect: ReconnectOptions;
  readonly #lanes = new Map<number, Lane>();

  constructor(log: MessageLog, partitions: number, reconnect: ReconnectOptions) {
    this.#log = log;
    this.#partitions = partitions;
    this.#reconnect = reconnect;
  }

  /** As the `receipt` of `post`. */
  async send(command: RunCommand): Promise<void> {
    return this.post(command).receipt;
  }

  /** @throws InvalidCommand */
  post(command: RunCommand): Posting {
    const json = encodeCommand(command);
    const { runId } = command;
    const lane = this.#lane(runId);
    const { promise: receipt, resolve, reject } = Promise.withResolvers<void>();
    const { promise: sent, resolve: onSent } = Promise.withResolvers<void>();
    const queued: Queued = { runId, json, bytes: Buffer.byteLength(json), onSent, resolve, reject };
    lane.add(queued);
    return {
      receipt,
      // Made for who asks: one that nobody listens to would end the process when the receipt is a refusal.
      get sent() {
        return Promise.race([sent, receipt]);
      },
      withdraw: () => lane.withdraw(queued),
    };
  }

  /** Resolves when everything sent so far has its receipt, or was refused. */
  async flushed(): Promise<void> {
    await Promise.all(Array.from(this.#lanes.values(), (lane) => lane.flushed()));
  }

  async close(): Promise<void> {
    await Promise.all(Array.from(this.#lanes.values(), (lane) => lane.close()));
  }

  #lane(runId: string): Lane {
    const partition = partitionOf(runId, this.#partitions);
    let lane = this.#lanes.get(partition);
    if (lane === undefined) {
      const options = { ...this.#reconnect, deduplicate: true };
      lane = new Lane(reconnectingProducer(this.#log, topics.inbox(partition), options));
      this.#lanes.set(partition, lane);
    }
    return lane;
  }
}

class Lane {
  readonly #producer: ReconnectingProducer;
  #queue: Queued[] = [];
  #underWay = false;
  #scheduled = false;
  #waiting: (() => void)[] = [];

  constructor(producer: ReconnectingProducer) {
    this.#producer = producer;
  }

  add(queued: Queued): void {
    this.#queue.push(queued);
    if (this.#underWay || this.#scheduled) return;
    // What else comes up in this turn of the event loop goes along.
    this.#scheduled = true;
    nextTurn(() => {
      this.#scheduled = false;
      void this.#sendAll();
    });
  }

  withdraw(queued: Queued): boolean {
    const index = this.#queue.indexOf(queued);
    if (index < 0) return false;
    this.#queue.splice(index, 1);
    return true;
  }

  flushed(): Promise<void> {
    if (this.#queue.length === 0 && !this.#underWay) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  close(): Promise<void> {
    return this.#producer.close();
  }

  async #sendAll(): Promise<void> {
    this.#underWay = true;
    while (this.#queue.length > 0) {
      // Until then it can be withdrawn.
      await this.#producer.connected();
      await this.#publish(this.#takeBatch());
    }
    this.#underWay = false;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #takeBatch(): Queued[] {
    let bytes = 0;
    let count = 0;
    for (const queued of this.#queue) {
      if (count > 0 && (bytes + queued.bytes > fullBytes || count === fullCommands)) break;
      bytes += queued.bytes;
      count++;
    }
    if (count < this.#queue.length) return this.#queue.splice(0, count);
    const all = this.#queue;
    this.#queue = [];
    return all;
  }

  async #publish(batch: readonly Queued[]): Promise<void> {
    const [first] = batch;
    if (first === undefined) return;
    try {
      const payload = inboxMessageOf(batch.map((queued) => queued.json));
      const receipt = this.#producer.send({ payload, key: first.runId });
      // What is written in this turn of the event loop has left the process in the next one.
      nextTurn(() => {
        for (const { onSent } of batch) onSent();
      });
      await receipt;
      for (const { resolve } of batch) resolve();
    } catch (error) {
      if (batch.length > 1 && error instanceof LogError && error.code === "tooLarge") {
        const half = Math.ceil(batch.length / 2);
        await this.#publish(batch.slice(0, half));
        await this.#publish(batch.slice(half));
        return;
      }
      for (const { reject } of batch) reject(asError(error));
    }
  }
}
