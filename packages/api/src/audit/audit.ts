import { FollowedTopic, type MessageLog, TopicProducers } from "@downbeat/message-log";
import { type AuditEntry, auditEntryOf, readAuditEntry, topics } from "@downbeat/protocol";
import { ApiError } from "../api-error.ts";
import { inTime } from "../shared/in-time.ts";
import { type AuditFilter, type AuditPage, AuditStore } from "./audit-store.ts";
import { type AuditTrouble, AuditWriter, type AuditWriterOptions, type NotedFirst } from "./audit-writer.ts";
import { type Kind, Repeated } from "./repeated.ts";

export interface AuditOptions
  extends Pick<
    AuditWriterOptions,
    "newId" | "now" | "onTrouble" | "onLost" | "lostBefore" | "patienceMs" | "pauseMs"
  > {
  readonly log: MessageLog;
  /** Of the file in which this server keeps its copy. */
  readonly path: string;
  /** How long whoever looks waits for what the log holds, ms. */
  readonly readWithinMs?: number;
  /** When its copy can't be kept. */
  readonly onUnreadable?: (error: unknown) => void;
}

/** What is told of something that happened; who tells it says when and which. */
export type Happened = Omit<AuditEntry, "format" | "id" | "at">;

export interface AuditAnswer extends AuditPage {
  /** Entries that newer versions wrote, and such as nobody can read: they are not shown. */
  readonly newer: number;
  readonly unreadable: number;
  /** Not all that the log holds is in it. */
  readonly isBehind: boolean;
  /** Older ones are in the log alone. */
  readonly isTrimmed: boolean;
}

interface Copy {
  readonly store: AuditStore;
  readonly topic: FollowedTopic;
}

/** What people did here: written to the log, from which every server reads all of it. It is read from the first question on. */
export class Audit {
  readonly #o: AuditOptions;
  readonly #writer: AuditWriter;
  readonly #producers: TopicProducers;
  readonly #repeated: Repeated;
  #copy: Copy | undefined;

  constructor(options: AuditOptions) {
    this.#o = options;
    const { log, newId } = options;
    this.#producers = new TopicProducers(log);
    this.#writer = new AuditWriter({
      ...options,
      send: (payload) => this.#producers.send(topics.audit, { payload }),
    });
    this.#repeated = new Repeated((entry) => this.#writer.note(entry), newId);
  }

  get trouble(): AuditTrouble | undefined {
    return this.#writer.trouble;
  }

  /** Entries that the log has not taken yet. */
  get waiting(): number {
    return this.#writer.waiting;
  }

  /** Entries that the log hasn't been told are missing. */
  get lost(): number {
    return this.#writer.lost;
  }

  /** The entry of it, of now. */
  entryOf(happened: Happened): AuditEntry {
    const { newId, now } = this.#o;
    return auditEntryOf({ id: newId(), at: now(), ...happened });
  }

  /** Written as soon as the log takes it; nobody waits. */
  note(entry: AuditEntry): void {
    this.#writer.note(entry);
  }

  /** Resolves when the log holds it, or with why it doesn't: then nothing else may happen either. */
  noteFirst(entry: AuditEntry): Promise<NotedFirst> {
    return this.#writer.noteFirst(entry);
  }

  /** Of what can be had to happen as often as somebody likes. */
  noteOften(kind: Kind, entry: AuditEntry): void {
    this.#repeated.note(kind, entry);
  }

  /** Rejects with `ApiError("unavailable")` when nothing can be read at all. */
  async list(filter: AuditFilter, limit: number, before?: number): Promise<AuditAnswer> {
    const { store, topic } = this.#read();
    const isBehind = !(await this.#isReadInTime(topic));
    if (this.#copy?.store !== store)
      throw new ApiError("unavailable", "This server can't keep its copy of the audit: its log says why.");
    if (isBehind && store.revision === 0)
      throw new ApiError(
        "unavailable",
        "The log, which keeps the audit, can't be reached: try again in a moment.",
      );
    const { newer, unreadable, isTrimmed } = store;
    return { ...store.page(filter, limit, before), newer, unreadable, isBehind, isTrimmed };
  }

  async close(): Promise<void> {
    this.#repeated.close();
    await this.#writer.close();
    await this.#producers.close();
    await this.#copy?.topic.close();
    this.#copy?.store.close();
    this.#copy = undefined;
  }

  #read(): Copy {
    if (this.#copy !== undefined) return this.#copy;
    const store = new AuditStore(this.#o.path);
    const topic = new FollowedTopic(this.#o.log, topics.audit, {
      onMessage: ({ payload }) => {
        if (this.#copy?.store !== store) return;
        try {
          store.take(readAuditEntry(payload));
        } catch (error) {
          this.#giveUp(error);
        }
      },
    });
    this.#copy = { store, topic };
    return this.#copy;
  }

  /** The disk is full, or something like that: whoever asks next has it read again. */
  #giveUp(error: unknown): void {
    const copy = this.#copy;
    this.#copy = undefined;
    this.#o.onUnreadable?.(error);
    void copy?.topic.close();
    copy?.store.close();
  }

  async #isReadInTime(topic: FollowedTopic): Promise<boolean> {
    const { readWithinMs = 3_000 } = this.#o;
    try {
      await inTime(this.#readUpToNow(topic), readWithinMs);
      return true;
    } catch {
      return false;
    }
  }

  /** Whoever did something finds it. */
  async #readUpToNow(topic: FollowedTopic): Promise<void> {
    await this.#writer.written();
    await topic.readUpToNow();
  }
}
