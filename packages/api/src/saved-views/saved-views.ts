import type { MessageLog } from "@downbeat/message-log";
import {
  encodeSavedViewMessage,
  parseSavedViewMessage,
  type SavedViewMessage,
  topics,
} from "@downbeat/protocol";
import { SharedTopic } from "../shared/shared-topic.ts";
import type { SavedView } from "../views.ts";
import { SavedViewFold, type SavedViewState } from "./saved-view-fold.ts";

export interface SavedViewsOptions {
  readonly log: MessageLog;
  /** How long an answer may wait for the log, ms. */
  readonly patienceMs?: number;
}

/** How people look at lists, kept in the log: it must not go with a cache or a browser, and every server shows the same. */
export class SavedViews {
  readonly #fold = new SavedViewFold();
  readonly #topic: SharedTopic;

  constructor({ log, patienceMs }: SavedViewsOptions) {
    this.#topic = new SharedTopic({
      log,
      patienceMs,
      topic: topics.savedViews,
      what: "the saved views",
      onMessage: (payload) => {
        const message = parseSavedViewMessage(payload);
        if (message !== undefined) this.#fold.take(message);
      },
    });
  }

  /** Everybody's and this person's own, by name. Everything that the log held when it was asked is in it. Rejects with `ApiError("unavailable")`. */
  async of(who: string): Promise<SavedView[]> {
    await this.#topic.readUpToNow();
    return this.#fold.views
      .filter((view) => isSeenBy(view, who))
      .sort((one, other) => one.name.localeCompare(other.name));
  }

  /** Grows with every change that this server knows of. */
  get revision(): number {
    return this.#fold.revision;
  }

  /** What became of a view, once `of` or `append` has read the log. */
  stateOf(id: string): SavedViewState | undefined {
    return this.#fold.stateOf(id);
  }

  /** Of what `stateOf` tells. */
  versionOf(id: string): number {
    return this.#fold.versionOf(id);
  }

  /** Resolves when it is durable, and in the next answer: with whether it counts, or something else came in between. */
  async append(message: SavedViewMessage): Promise<boolean> {
    await this.#topic.append(encodeSavedViewMessage(message), message.id);
    return this.#fold.isBy(message.id, message.changeId);
  }

  close(): Promise<void> {
    return this.#topic.close();
  }
}

/** A person's own view is nobody else's to know of. */
export function isSeenBy({ owner }: Pick<SavedView, "owner">, who: string): boolean {
  return owner === undefined || owner === who;
}
