import type { MessageLog } from "@downbeat/message-log";
import {
  encodeSavedQueryMessage,
  parseSavedQueryMessage,
  type SavedQueryMessage,
  topics,
} from "@downbeat/protocol";
import { SharedTopic } from "../shared/shared-topic.ts";
import type { SavedQuery } from "../views.ts";
import { SavedQueryFold, type SavedQueryState } from "./saved-query-fold.ts";

export interface SavedQueriesOptions {
  readonly log: MessageLog;
  /** How long an answer may wait for the log, ms. */
  readonly patienceMs?: number;
}

/**
 * The queries that people saved, folded from a topic of their own: they are people's work, so they must not go with a cache, and every server on the log
 * shows the same.
 */
export class SavedQueries {
  readonly #fold = new SavedQueryFold();
  readonly #topic: SharedTopic;

  constructor({ log, patienceMs }: SavedQueriesOptions) {
    this.#topic = new SharedTopic({
      log,
      patienceMs,
      topic: topics.savedQueries,
      what: "the saved queries",
      onMessage: (payload) => {
        const message = parseSavedQueryMessage(payload);
        if (message !== undefined) this.#fold.take(message);
      },
    });
  }

  /** By name. Everything that the log held when it was asked is in it. Rejects with `ApiError("unavailable")`. */
  async list(): Promise<SavedQuery[]> {
    await this.#topic.readUpToNow();
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
    await this.#topic.append(encodeSavedQueryMessage(message), message.id);
    return this.#fold.isBy(message.id, message.changeId);
  }

  close(): Promise<void> {
    return this.#topic.close();
  }
}
