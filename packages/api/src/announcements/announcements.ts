import {
  type Clock,
  comparePositions,
  type MessageLog,
  type Position,
  type Reader,
  type ReceivedMessage,
  reconnectingReader,
  systemClock,
} from "@downbeat/message-log";
import { Catalogue, topics } from "@downbeat/protocol";
import { ApiError } from "../api-error.ts";
import type { KnownWorkflowView, WorkerView } from "../views.ts";

export interface AnnouncementsOptions {
  readonly log: MessageLog;
  readonly clock?: Clock;
  /** ms that only grow. Default `performance.now`. */
  readonly monotonic?: () => number;
  /** How long an answer may wait for the log, ms. */
  readonly patienceMs?: number;
}

interface Followed {
  readonly topic: string;
  readonly reader: Reader;
  readTo: Position | undefined;
}

/** Who is there and what is known, as workers announce it. Their topics are read from the first question on. */
export class Announcements {
  readonly #log: MessageLog;
  readonly #clock: Clock;
  readonly #monotonic: () => number;
  readonly #patienceMs: number;
  readonly #catalogue = new Catalogue();
  readonly #waiting = new Set<() => void>();
  #followed: readonly Followed[] | undefined;

  constructor({ log, clock, monotonic, patienceMs = 5_000 }: AnnouncementsOptions) {
    this.#log = log;
    this.#clock = clock ?? systemClock;
    this.#monotonic = monotonic ?? (() => performance.now());
    this.#patienceMs = patienceMs;
  }

  /** Rejects with `ApiError("unavailable")`. */
  async workers(): Promise<readonly WorkerView[]> {
    await this.#reach();
    return this.#catalogue.workers(this.#monotonic()).map(({ everyMs: _, ...worker }) => worker);
  }

  /** Rejects with `ApiError("unavailable")`. */
  async workflows(): Promise<readonly KnownWorkflowView[]> {
    await this.#reach();
    const workers = this.#catalogue.workers(this.#monotonic());
    return this.#catalogue.workflows.map((known) => ({
      ...known,
      workers: workers.filter(({ workflows }) => workflows.includes(known.workflow)).length,
    }));
  }

  async close(): Promise<void> {
    await Promise.all((this.#followed ?? []).map(({ reader }) => reader.close()));
  }

  /** Resolves when all that the log holds by now has been read. */
  async #reach(): Promise<void> {
    this.#followed ??= [
      this.#follow(topics.workers, (message, at) => this.#catalogue.takeWorker(message, at)),
      this.#follow(topics.workflows, (message, at) => this.#catalogue.takeWorkflow(message, at)),
    ];
    const reached = Promise.all(this.#followed.map((one) => this.#readUpToNow(one)));
    reached.catch(() => {});
    let cancel = (): void => {};
    const late = new Promise<never>((_, reject) => {
      const refuse = () => reject(new Error("The log did not answer in time."));
      cancel = this.#clock.setTimer(refuse, this.#patienceMs);
    });
    try {
      await Promise.race([reached, late]);
    } catch (cause) {
      throw new ApiError(
        "unavailable",
        "The log, which workers announce themselves on, can't be reached: try again in a moment.",
        { cause },
      );
    } finally {
      cancel();
    }
  }

  async #readUpToNow(followed: Followed): Promise<void> {
    const last = await this.#log.lastPosition(followed.topic);
    if (last === undefined) return;
    const isReached = (): boolean =>
      followed.readTo !== undefined && comparePositions(followed.readTo, last) >= 0;
    if (isReached()) return;
    await new Promise<void>((resolve) => {
      const check = (): void => {
        if (!isReached()) return;
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
    });
  }

  #follow(topic: string, take: (message: ReceivedMessage, at: number) => void): Followed {
    const reader = reconnectingReader(this.#log, topic, {
      from: "earliest",
      expectsMore: () => this.#waiting.size > 0,
      onMessage: (message) => {
        take(message, this.#monotonic());
        followed.readTo = message.position;
        for (const check of [...this.#waiting]) check();
      },
    });
    const followed: Followed = { topic, reader, readTo: undefined };
    return followed;
  }
}
