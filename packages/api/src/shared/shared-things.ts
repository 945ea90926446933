import type { MessageLog, Topic } from "@downbeat/message-log";
import { SharedTopic } from "./shared-topic.ts";
import { VersionedFold } from "./versioned-fold.ts";

/** What somebody saved for others, or for later. */
interface Saved {
  readonly id: string;
  readonly savedBy: string;
  readonly savedAt: number;
  /** Another one each time that it is saved. */
  readonly version: number;
}

export type Shared<Content> = Content & Saved;

/** Something that is there, or who deleted it. */
export type SharedState<Content> =
  | { readonly saved: Shared<Content> }
  | { readonly deletedBy: string; readonly deletedAt: number };

interface Message {
  readonly id: string;
  readonly by: string;
  readonly at: number;
  readonly replaces?: number | undefined;
  readonly changeId?: string | undefined;
}

/** What people share of one kind, such as goals. */
export interface SharedKind<Change extends Message, Content> {
  readonly topic: Topic;
  /** For a sentence: "the saved queries". */
  readonly what: string;
  readonly encode: (message: Change) => Uint8Array;
  readonly parse: (bytes: Uint8Array) => Change | undefined;
  /** What a message says, `undefined` where it deletes. It takes the place of `before`, where something is there. */
  readonly contentOf: (message: Change, before: Content | undefined) => Content | undefined;
  readonly nameOf: (content: Content) => string;
  /** The log holds it, and it changes nothing. */
  readonly isRefused?: (message: Change, there: readonly Shared<Content>[]) => boolean;
}

/** What people share of one kind, folded from its topic. */
export class SharedFold<Change extends Message, Content> extends VersionedFold<SharedState<Content>> {
  readonly #kind: SharedKind<Change, Content>;

  constructor(kind: SharedKind<Change, Content>) {
    super();
    this.#kind = kind;
  }

  /** In the order in which they were there first. */
  get there(): Shared<Content>[] {
    return this.states.flatMap((state) => ("saved" in state ? [state.saved] : []));
  }

  take(message: Change): void {
    const { contentOf, isRefused } = this.#kind;
    if (isRefused?.(message, this.there) === true) return;
    this.change(message, (version) => {
      const { id, by, at } = message;
      const state = this.stateOf(id);
      const before = state !== undefined && "saved" in state ? state.saved : undefined;
      const content = contentOf(message, before);
      if (content === undefined) return { deletedBy: by, deletedAt: at };
      return { saved: { ...content, id, savedBy: by, savedAt: at, version } };
    });
  }
}

export interface SharedThingsOptions {
  readonly log: MessageLog;
  /** How long an answer may wait for the log, ms. */
  readonly patienceMs?: number;
}

/** What people share of one kind, kept in the log: it must not go with a cache or a browser, and every server shows the same. */
export class SharedThings<Change extends Message, Content> {
  readonly kind: SharedKind<Change, Content>;
  readonly #fold: SharedFold<Change, Content>;
  readonly #topic: SharedTopic;

  /** @param onOther given what of the topic is no such message */
  constructor(
    kind: SharedKind<Change, Content>,
    { log, patienceMs }: SharedThingsOptions,
    onOther: (payload: Uint8Array) => void = () => {},
  ) {
    this.kind = kind;
    this.#fold = new SharedFold(kind);
    this.#topic = new SharedTopic({
      log,
      patienceMs,
      topic: kind.topic,
      what: kind.what,
      onMessage: (payload) => {
        const message = kind.parse(payload);
        if (message === undefined) onOther(payload);
        else this.#fold.take(message);
      },
    });
  }

  /** By name. Everything that the log held when it was asked is in it. Rejects with `ApiError("unavailable")`. */
  async all(): Promise<Shared<Content>[]> {
    await this.#topic.readUpToNow();
    const { nameOf } = this.kind;
    return this.#fold.there.sort((one, other) => nameOf(one).localeCompare(nameOf(other)));
  }

  /** Grows with every change that this server knows of. */
  get revision(): number {
    return this.#fold.revision;
  }

  /** What became of one, once `all` or `append` has read the log. */
  stateOf(id: string): SharedState<Content> | undefined {
    return this.#fold.stateOf(id);
  }

  /** Of what `stateOf` tells. */
  versionOf(id: string): number {
    return this.#fold.versionOf(id);
  }

  /** Resolves when it is durable, and in the next answer: with whether it counts, or something else came in between. */
  async append(message: Change & { readonly changeId: string }): Promise<boolean> {
    await this.#topic.append(this.kind.encode(message), message.id);
    return this.#fold.isBy(message.id, message.changeId);
  }

  /** Resolves when it is durable, and was given to `onOther`. */
  protected appendOther(payload: Uint8Array, key: string): Promise<void> {
    return this.#topic.append(payload, key);
  }

  close(): Promise<void> {
    return this.#topic.close();
  }
}
