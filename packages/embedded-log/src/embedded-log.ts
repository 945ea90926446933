import { type Clock, LogError, type MessageLog, type Position, systemClock } from "@downbeat/message-log";
import { checkedName } from "@downbeat/wire";
import { newBackupFile, writingBackup } from "./backup-directory.ts";
import { Catalogue, type Scope } from "./catalogue.ts";
import { type Damage, DamageReport } from "./damage-report.ts";
import { GroupCommit } from "./group-commit.ts";
import { LogHandle } from "./log-handle.ts";
import { MemoryBudget } from "./memory-budget.ts";
import { MessageStore } from "./message-store.ts";
import { entryAtTime } from "./position-at.ts";
import { Pump } from "./pump.ts";
import { defaultRetention, type RetentionRules } from "./retention.ts";
import type { CompactedRow } from "./storage/batch.ts";
import { InlineStorage } from "./storage/inline-storage.ts";
import type { Storage } from "./storage/storage.ts";
import { StorageError, type StorageTrouble } from "./storage/storage-error.ts";
import { ThreadedStorage } from "./storage/threaded-storage.ts";
import type { Subscription } from "./subscription.ts";
import { type TopicOfFile, topicOfFile } from "./topic-of-file.ts";

export interface EmbeddedLogOptions {
  /** Path of the SQLite file; directories are made. `:memory:` keeps nothing. */
  readonly file: string;
  readonly clock?: Clock;
  /** Default: topics that begin with `history` keep everything, others until it is acknowledged. */
  readonly retention?: RetentionRules;
  /** Largest payload, key and properties included. Default 1 MiB. */
  readonly maxMessageBytes?: number;
  /** Messages held in memory for those who are about to read them. Default 64 MiB. */
  readonly memoryBudgetBytes?: number;
  /**
   * Called once when the file can no longer be written. Every session has ended by then and every later call is
   * refused: the process should say why and exit. What had a receipt is in the file.
   */
  readonly onFatal?: (error: Error, trouble: StorageTrouble) => void;
  /**
   * There is no room for the file, or there is again. Nothing is taken meanwhile; what was under way waits and is written then. Default: a line on standard
   * error.
   */
  readonly onFull?: (is: boolean, sentence: string) => void;
  /** Open the file although what was stored last is missing (its write-ahead log is gone). Default: refuse. */
  readonly acceptLoss?: boolean;
  /** Told once of each message that is read and found damaged. Default: a line on standard error. */
  readonly onDamaged?: (damage: Damage) => void;
  /** Where the file is written: in a thread of its own (default), or in this one. */
  readonly storage?: "thread" | "inline";
}

/** A message to be put in the place of the one that is stored there. */
export interface Compacted {
  readonly position: Position;
  /** The last message before it that stays: those in between go. */
  readonly after: Position;
  readonly payload: Uint8Array;
  readonly properties: Readonly<Record<string, string>>;
}

export interface ConnectOptions {
  readonly tenant?: string;
  readonly namespace?: string;
  /**
   * When consumers and readers of this handle see a message. `beforeCommit` is for the process that owns the file only:
   * what its sessions see can be lost with the process, and so can everything they do in reply, because that is appended
   * to the same file later. Default `whenDurable`. See docs/decisions/0002-deliver-before-commit.md.
   */
  readonly deliver?: "whenDurable" | "beforeCommit";
}

const defaultMaxMessageBytes = 1024 * 1024;
const defaultMemoryBudgetBytes = 64 * 1024 * 1024;

/** Opens the log file, or makes it. Rejects with `EmbeddedLogOpenError`, whose message says what to do. */
export async function openEmbeddedLog(options: EmbeddedLogOptions): Promise<EmbeddedLog> {
  const inline = options.storage === "inline" || options.file === ":memory:";
  const { acceptLoss = false } = options;
  const storage = inline
    ? new InlineStorage(options.file, { acceptLoss })
    : await ThreadedStorage.open(options.file, { acceptLoss });
  return new EmbeddedLog(storage, options);
}

/** The log in one SQLite file. Sessions are opened through {@link EmbeddedLog.connect}. */
export class EmbeddedLog {
  readonly clock: Clock;
  readonly maxMessageBytes: number;
  readonly pump = new Pump();
  readonly commits: GroupCommit;
  readonly catalogue: Catalogue;
  readonly store: MessageStore;
  readonly memory: MemoryBudget;
  readonly #storage: Storage;
  readonly #handles = new Set<LogHandle>();
  readonly #onFatal: EmbeddedLogOptions["onFatal"];
  readonly #onFull: NonNullable<EmbeddedLogOptions["onFull"]>;
  readonly #file: string;
  #ended: LogError | undefined;
  #closing: Promise<void> | undefined;

  constructor(storage: Storage, options: EmbeddedLogOptions) {
    this.clock = options.clock ?? systemClock;
    this.maxMessageBytes = options.maxMessageBytes ?? defaultMaxMessageBytes;
    this.#storage = storage;
    this.#onFatal = options.onFatal;
    this.#onFull = options.onFull ?? ((_, sentence) => writeLine(sentence));
    this.#file = options.file;
    storage.onBroken = (error) => this.#fail(error);
    this.memory = new MemoryBudget(options.memoryBudgetBytes ?? defaultMemoryBudgetBytes);
    const damage = new DamageReport(
      options.file,
      options.onDamaged ?? ((found) => writeLine(found.sentence)),
    );
    damage.foundElsewhere(storage.state.damage);
    this.store = new MessageStore(storage, (error) => this.#fail(error), damage);
    this.commits = new GroupCommit(storage, () => this.clock.now(), {
      onFailure: (error) => this.#fail(error),
      onFull: (is) => this.#full(is),
    });
    this.catalogue = new Catalogue(storage.state, options.retention ?? defaultRetention, this.commits, {
      clock: this.clock,
      pump: this.pump,
      store: this.store,
      onAcknowledged: (subscription, entry) => this.#acknowledged(subscription, entry),
    });
  }

  connect(options: ConnectOptions = {}): MessageLog {
    return this.handle(options);
  }

  /** As {@link connect}, with what the server needs beyond the port. */
  handle(options: ConnectOptions = {}): LogHandle {
    const { tenant = "public", namespace = "default", deliver = "whenDurable" } = options;
    checkedName("tenant", tenant);
    checkedName("namespace", namespace);
    const handle = new LogHandle(this, `${tenant}/${namespace}`, deliver === "beforeCommit", () =>
      this.#handles.delete(handle),
    );
    this.#handles.add(handle);
    return handle;
  }

  /** Throws when the log has ended. */
  assertOpen(): void {
    if (this.#ended !== undefined) throw this.#ended;
  }

  assertRoom(): void {
    if (this.commits.isFull)
      throw new LogError(
        "unavailable",
        "The disk that holds the log is full: nothing is taken until there is room.",
      );
  }

  /**
   * Writes everything that has a receipt by now into a new file, while everything goes on.
   *
   * @param directory made when it isn't there
   * @returns the file
   * @throws LogError with a sentence that says what to do
   */
  async backUp(directory: string): Promise<string> {
    this.assertOpen();
    const file = newBackupFile(directory);
    await writingBackup(file, () => this.#storage.backUp(file));
    return file;
  }

  /**
   * Puts messages in the place of stored ones, and of those before them: one transaction. Nothing is appended, and no position changes; a position of what
   * is gone can still be read on from. For topics that keep everything.
   *
   * @throws LogError when a position is not one of the topic, and Error when a message is not there or damaged: nothing is changed then
   */
  async compact(scope: Scope, topicName: string, compacted: readonly Compacted[]): Promise<void> {
    this.assertOpen();
    this.assertRoom();
    const topic = this.catalogue.find(scope, topicName);
    const rows = compacted.map(({ position, after, payload, properties }): CompactedRow => {
      const [entry, before] = [topic?.entryAt(position), topic?.entryAt(after)];
      if (topic === undefined || entry === undefined || before === undefined || entry > topic.committedEntry)
        throw new LogError(
          "invalid",
          `Position ${position} or ${after} is not one of ${scope}/${topicName}.`,
        );
      if (payload.byteLength > this.maxMessageBytes)
        throw new LogError(
          "tooLarge",
          `The message has ${payload.byteLength} bytes; this log takes at most ${this.maxMessageBytes}.`,
        );
      return { entry, after: before, payload, properties };
    });
    if (topic === undefined || rows.length === 0) return;
    await this.#storage.compact(topic.id, rows);
    topic.rewritten(Math.max(...rows.map(({ entry }) => entry)));
  }

  /** Deletes what a topic holds that the log took before, unless somebody subscribes to it, or it is to keep everything. */
  async dropBefore(scope: Scope, topicName: string, timeMs: number): Promise<void> {
    this.assertOpen();
    const topic = this.catalogue.find(scope, topicName);
    if (topic === undefined || topic.keepsAll || topic.subscriptions.size > 0) return;
    const end = topic.committedEntry;
    const last = ((await entryAtTime(topic, this.store, end, timeMs)) ?? end + 1) - 1;
    if (last < 0 || topic.subscriptions.size > 0) return;
    this.commits.erase(topic, last);
    topic.rewritten(last);
    await this.commits.settled();
  }

  /** All topics that there are, of all namespaces. */
  topics(): TopicOfFile[] {
    return Array.from(this.catalogue.topics(), ({ name }) => topicOfFile(name));
  }

  /** Ends every session, writes what is left and releases the file. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    this.#end(new LogError("closed", "The log is closed."), undefined);
    await this.commits.stop();
    await this.#storage.close();
  }

  #acknowledged(subscription: Subscription, entry: number): void {
    const { topic } = subscription;
    if (topic.keepsAll || topic.isNeeded(entry)) {
      if (entry > subscription.markDelete) subscription.ackedToStore.push(entry);
    } else {
      topic.forget(entry);
      this.commits.deletable(topic, entry);
    }
    this.commits.cursorMoved(subscription);
  }

  #fail(cause: unknown): void {
    if (this.#ended !== undefined && this.#ended.code !== "closed") return;
    const detail = cause instanceof Error ? cause.message : String(cause);
    const error = new LogError("unavailable", `The log file cannot be written or read any more: ${detail}.`, {
      cause,
    });
    this.commits.abandon(error);
    this.#end(error, error);
    this.#onFatal?.(error, cause instanceof StorageError ? cause.trouble : "other");
  }

  #full(is: boolean): void {
    this.#onFull(
      is,
      is
        ? `The disk that holds the log file ${this.#file} is full: nothing more is taken. Make room, and it goes on by itself.`
        : `There is room again for the log file ${this.#file}: it goes on.`,
    );
  }

  #end(refusal: LogError, reason: LogError | undefined): void {
    this.#ended = refusal;
    for (const handle of [...this.#handles]) handle.end(reason);
    this.memory.stop();
  }
}

function writeLine(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}
