import { statSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import type { ReceivedMessage } from "@downbeat/message-log";
import { newBackupFile, writingBackup } from "./backup-directory.ts";
import { DamageReport } from "./damage-report.ts";
import { MessageStore } from "./message-store.ts";
import { EmbeddedLogOpenError } from "./open-error.ts";
import { backUp } from "./storage/back-up.ts";
import type { StoredState } from "./storage/batch.ts";
import { checkParts, openReadOnly } from "./storage/check-parts.ts";
import { addRowChecksum } from "./storage/checksum.ts";
import { readState } from "./storage/load-state.ts";
import { MessageReader } from "./storage/message-reader.ts";
import { explained } from "./storage/open-database.ts";
import { applicationId, checksummedVersion, formatVersion } from "./storage/schema.ts";
import { Topic } from "./topic.ts";
import { partitionOf } from "./topic-name.ts";
import { type TopicOfFile, topicOfFile } from "./topic-of-file.ts";

/** A log file that nobody has open, looked at without changing anything. */
export class LogFile {
  readonly file: string;
  /** What may be missing, in a sentence. */
  readonly loss: string | undefined;
  readonly #database: DatabaseSync;
  readonly #close: () => void;
  #state: StoredState | undefined;

  private constructor(file: string, loss: string | undefined, opened: ReturnType<typeof openReadOnly>) {
    this.file = file;
    this.loss = loss;
    this.#database = opened.database;
    this.#close = opened.close;
  }

  /** @throws EmbeddedLogOpenError when it is no log, or in use */
  static open(file: string): LogFile {
    if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true)
      throw new EmbeddedLogOpenError(`There is no log file ${file}.`);
    const loss = checkParts(file);
    let opened: ReturnType<typeof openReadOnly> | undefined;
    try {
      opened = openReadOnly(file);
      addRowChecksum(opened.database);
      const id = opened.database.prepare("PRAGMA application_id").get()?.application_id;
      if (id !== applicationId) throw new EmbeddedLogOpenError(`${file} is no log of Downbeat.`);
      return new LogFile(file, loss, opened);
    } catch (error) {
      opened?.close();
      throw explained(error, file);
    }
  }

  /** What SQLite finds wrong with the file's structure, a line each. */
  structure(): string[] {
    try {
      const lines = this.#database.prepare("PRAGMA integrity_check(20)").all();
      return lines.map(({ integrity_check }) => String(integrity_check)).filter((line) => line !== "ok");
    } catch (error) {
      return [(error as Error).message];
    }
  }

  /** What is wrong with the log's own tables, a sentence each, though it can be read. */
  get damage(): readonly string[] {
    return this.#stateNow().damage;
  }

  /** @throws EmbeddedLogOpenError when what is needed to read messages is damaged */
  topics(): TopicOfFile[] {
    return this.#stateNow().topics.map(({ name }) => topicOfFile(name));
  }

  /** All of a topic, in the order of the log; what is damaged or missing says so (see `damageOf`). */
  async *messages({ tenant, namespace, topic: local }: TopicOfFile): AsyncIterable<ReceivedMessage> {
    const topic = this.#topic(`${tenant}/${namespace}/${local}`);
    const reader = new MessageReader(this.#database);
    const storage = {
      read: async (...where: Parameters<MessageReader["read"]>) => reader.read(...where),
      fetch: async (...where: Parameters<MessageReader["fetch"]>) => reader.fetch(...where),
      count: async (...where: Parameters<MessageReader["count"]>) => reader.count(...where),
    };
    const silent = new DamageReport(this.file, () => {});
    const store = new MessageStore(storage, () => {}, silent);
    for (let from = 0; from <= topic.lastEntry; ) {
      const { messages } = await store.read(topic, from, topic.lastEntry);
      yield* messages;
      const last = messages.at(-1);
      if (last === undefined) return;
      from = last.entry + 1;
    }
  }

  /** As `EmbeddedLog.backUp`. */
  async backUp(directory: string): Promise<string> {
    const file = newBackupFile(directory);
    await writingBackup(file, () => backUp(this.#database, file));
    return file;
  }

  close(): void {
    this.#close();
  }

  #stateNow(): StoredState {
    this.#state ??= this.#readState();
    return this.#state;
  }

  #readState(): StoredState {
    const version = Number(this.#database.prepare("PRAGMA user_version").get()?.user_version);
    if (version < checksummedVersion || version > formatVersion) {
      throw new EmbeddedLogOpenError(
        `The log file ${this.file} has format ${version}, this program reads formats ${checksummedVersion} to ${formatVersion}. A file of an earlier one is brought to it when Downbeat starts on it.`,
      );
    }
    try {
      return readState(this.#database, this.file);
    } catch (error) {
      throw explained(error, this.file);
    }
  }

  #topic(name: string): Topic {
    const { topics, segments } = this.#stateNow();
    const row = topics.find((one) => one.name === name);
    if (row === undefined) throw new EmbeddedLogOpenError(`There is no topic ${name} in ${this.file}.`);
    const topic = new Topic({
      ...row,
      partitionIndex: partitionOf(name)?.index ?? 0,
      keepsAll: row.whole,
      newestOfKey: false,
      ledger: 0,
      onNewSegment: () => {},
    });
    for (const segment of segments)
      if (segment.topic === row.id) topic.addSegment(segment.ledger, segment.firstEntry);
    return topic;
  }
}
