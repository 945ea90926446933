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
    const all = this.#withMissing(topic, messages, range(from, end));
    return { messages: all, complete: isLast && all.length === end - from + 1 };
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
    return topic.whole ? this.#withMissing(topic, messages, entries) : messages;
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

function* range(from: number, to: number): Iterable<number> {
  for (let entry = from; entry <= to; entry++) yield entry;
}
