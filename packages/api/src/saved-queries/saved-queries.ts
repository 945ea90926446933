import {
  FollowedTopic,
  type MessageLog,
  type Position,
  type ReceivedMessage,
  TopicProducers,
} from "@downbeat/message-log";
import {
  encodeSavedQueryMessage,
  parseSavedQueryMessage,
  type SavedQueryMessage,
  topics,
} from "@downbeat/protocol";
import { ApiError } from "../api-error.ts";
import type { SavedQuery } from "../views.ts";
import { SavedQueryFold, type SavedQueryState } from "./saved-query-fold.ts";

export interface SavedQueriesOptions {
  readonly log: MessageLog;
  /** How long an answer may wait for the log, ms. */
  readonly patienceMs?: number;
}

/**
 * The queries that people saved, folded from a topic of their own: they are people's work, so they must not go with a cache, and every server on the log
 * shows the same. The topic is read from the first question on.
 */
export class SavedQueries {
  readonly #log: MessageLog;
  readonly #patienceMs: number;
  readonly #fold = new SavedQueryFold();
  #followed: FollowedTopic | undefined;
  readonly #producers: TopicProducers;

  constructor({ log, patienceMs = 5_000 }: SavedQueriesOptions) {
    this.#log = log;
    this.#producers = new TopicProducers(log);
    this.#patienceMs = patienceMs;
  }

  /** By name. Everything that the log held when it was asked is in it. Rejects with `ApiError("unavailable")`. */
  async list(): Promise<SavedQuery[]> {
    await this.#reach(this.#inTime(this.#log.lastPosition(topics.savedQueries)));
    return this.#fold.queries.sort((a, b) => a.name.localeCompare(b.name));
  }

  /** Grows with every change that this server knows of. */
  get revision(): number {
    return this.#fold.revision;
  }

  /** What became of a query, once `list` or `append` has read the log. */
  stateOf(id: string): SavedQueryState | undefined {
    return this.#fold.stateOf(id);
  }

  /** Resolves when it is durable, and in the next answer: with whether it counts, or something else came in between. */
  async append(message: SavedQueryMessage & { readonly changeId: string }): Promise<boolean> {
    await this.#reach(this.#inTime(this.#send(message)));
    return this.#fold.isBy(message.id, message.changeId);
  }

  async close(): Promise<void> {
    await this.#producers.close();
    await this.#followed?.close();
  }

  #send(message: SavedQueryMessage): Promise<Position | undefined> {
    const payload = encodeSavedQueryMessage(message);
    return this.#producers.send(topics.savedQueries, { payload, key: message.id });
  }

  /** Resolves when everything up to the position is read. */
  async #reach(target: Promise<Position | undefined>): Promise<void> {
    this.#followed ??= new FollowedTopic(this.#log, topics.savedQueries, {
      onMessage: (message) => this.#take(message),
    });
    const position = await target;
    await this.#inTime(this.#followed.readUpTo(position));
  }

  #take({ payload }: ReceivedMessage): void {
    const message = parseSavedQueryMessage(payload);
    if (message !== undefined) this.#fold.take(message);
  }

  async #inTime<T>(work: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error("The log did not answer in time.")), this.#patienceMs);
    });
    try {
      return await Promise.race([work, late]);
    } catch (cause) {
      throw new ApiError(
        "unavailable",
        "The log, which keeps the saved queries, can't be reached: try again in a moment.",
        { cause },
      );
    } finally {
      clearTimeout(timer);
    }
  }
}
