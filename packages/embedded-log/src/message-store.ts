import type { DamageReport } from "./damage-report.ts";
import type { StoredRows } from "./storage/batch.ts";
import { damagedMessage, decodeMessage } from "./storage/message-codec.ts";
import type { Storage } from "./storage/storage.ts";
import type { StoredMessage } from "./stored-message.ts";
import type { Topic } from "./topic.ts";

const chunkMessages = 512;
const chunkBytes = 1024 * 1024;
const nothing = Buffer.alloc(0);

/** Reads messages back that are no longer in memory. What is damaged comes as a message that says so. */
export class MessageStore {
  readonly #storage: Pick<Storage, "read" | "fetch" | "count">;
  readonly #onFailure: (error: unknown) => void;
  readonly #damage: DamageReport;

  constructor(
    storage: Pick<Storage, "read" | "fetch" | "count">,
    onFailure: (error: unknown) => void,
    damage: DamageReport,
  ) {
    this.#storage = storage;
    this.#onFailure = onFailure;
    this.#damage = damage;
  }

  /** The next messages of `from` to `to`. `complete`: there are no more of them up to `to`. */
  async read(
    topic: Topic,
    from: number,
    to: number,
  ): Promise<{ messages: StoredMessage[]; complete: boolean }> {
    const rows = await this.#guard(this.#storage.read(topic.id, from, to, chunkMessages, chunkBytes));
    const isLast = rows.entries.length < chunkMessages && rows.bytes.byteLength < chunkBytes;
    const messages = this.#decode(topic, rows);
    if (!topic.whole) return { messages, complete: isLast };
    const end = isLast ? to : (messages.at(-1)?.entry ?? to);
    if (messages.length === end - from + 1) return { messages, complete: isLast };
    const covered = isLast ? await this.#coveredFrom(topic, end + 1) : end + 1;
    const there = [...thatShouldBeThere(from, messages, Math.min(end, covered - 1))];
    if (there.length === messages.length) return { messages, complete: isLast };
    const all = this.#withMissing(topic, messages, there);
    return { messages: all, complete: isLast && all.length === there.length };
  }

  /** The first of the entries before this one that the message at it, or the next one, stands for. */
  async #coveredFrom(topic: Topic, entry: number): Promise<number> {
    if (entry > topic.committedEntry) return entry;
    const next = await this.#guard(this.#storage.read(topic.id, entry, topic.committedEntry, 1, chunkBytes));
    const [message] = this.#decode(topic, next);
    return message === undefined ? entry : Math.min(entry, message.entry - (message.covers ?? 0));
  }

  /** The first message of `from` to `to` that still exists and is whole. */
  async firstWhole(topic: Topic, from: number, to: number): Promise<StoredMessage | undefined> {
    for (let at = from; at <= to; ) {
      const rows = await this.#guard(this.#storage.read(topic.id, at, to, 1, chunkBytes));
      const message = this.#decode(topic, rows)[0];
      if (message === undefined || rows.damaged.length === 0) return message;
      at = message.entry + 1;
    }
    return undefined;
  }

  async fetch(topic: Topic, entries: readonly number[]): Promise<StoredMessage[]> {
    const messages = this.#decode(topic, await this.#guard(this.#storage.fetch(topic.id, entries)));
    if (!topic.whole || messages.length === entries.length) return messages;
    const found = new Set(messages.map(({ entry }) => entry));
    const there: number[] = [];
    for (const entry of entries)
      if (found.has(entry) || (await this.#coveredFrom(topic, entry)) >= entry + 1) there.push(entry);
    return this.#withMissing(topic, messages, there);
  }

  count(topic: Topic, from: number, to: number): Promise<number> {
    return this.#guard(this.#storage.count(topic.id, from, to));
  }

  #decode(topic: Topic, { entries, ends, bytes, damaged }: StoredRows): StoredMessage[] {
    const isDamaged = new Set(damaged);
    const sources = entries.map((_, i) => {
      const start = ends[i - 1] ?? 0;
      return Buffer.from(bytes.buffer, bytes.byteOffset + start, (ends[i] ?? start) - start);
    });
    const whole = entries.map((entry, i) =>
      isDamaged.has(entry) ? undefined : decoded(sources[i] ?? nothing, entry, topic),
    );
    let neighbour = whole.find((message) => message !== undefined);
    return entries.map((entry, i) => {
      const message = whole[i];
      if (message === undefined) return this.#damaged(topic, entry, sources[i], neighbour);
      neighbour = message;
      return message;
    });
  }

  /** With a message that says so for each of the entries that is not there, up to a chunk of them. */
  #withMissing(topic: Topic, messages: readonly StoredMessage[], entries: Iterable<number>): StoredMessage[] {
    const byEntry = new Map(messages.map((message) => [message.entry, message]));
    const all: StoredMessage[] = [];
    for (const entry of entries) {
      if (all.length === chunkMessages) break;
      const neighbour = all.at(-1) ?? messages[0];
      all.push(byEntry.get(entry) ?? this.#damaged(topic, entry, undefined, neighbour));
    }
    return all;
  }

  /** @param source `undefined`: there is nothing left of it */
  #damaged(
    topic: Topic,
    entry: number,
    source: Buffer | undefined,
    neighbour: StoredMessage | undefined,
  ): StoredMessage {
    return damagedMessage(source ?? nothing, entry, topic.positionOf(entry), {
      damage: this.#damage.found(topic, entry, source === undefined ? "missing" : "changed"),
      publishTime: neighbour?.publishTime ?? 0,
    });
  }

  async #guard<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      this.#onFailure(error);
      throw error;
    }
  }
}

/** `undefined` for bytes that are no message. */
function decoded(source: Buffer, entry: number, topic: Topic): StoredMessage | undefined {
  try {
    return decodeMessage(source, entry, topic.positionOf(entry));
  } catch {
    return undefined;
  }
}

/** All but those that a message stands for. */
function* thatShouldBeThere(from: number, messages: readonly StoredMessage[], to: number): Iterable<number> {
  let entry = from;
  for (const message of messages) {
    for (const end = message.entry - (message.covers ?? 0); entry < end; entry++) yield entry;
    yield message.entry;
    entry = message.entry + 1;
  }
  for (; entry <= to; entry++) yield entry;
}
