import type { StoredRows } from "./storage/batch.ts";
import { decodeMessage } from "./storage/message-codec.ts";
import type { Storage } from "./storage/storage.ts";
import type { StoredMessage } from "./stored-message.ts";
import type { Topic } from "./topic.ts";

const chunkMessages = 512;
const chunkBytes = 1024 * 1024;

/** Reads messages back that are no longer in memory. */
export class MessageStore {
  readonly #storage: Storage;
  readonly #onFailure: (error: unknown) => void;

  constructor(storage: Storage, onFailure: (error: unknown) => void) {
    this.#storage = storage;
    this.#onFailure = onFailure;
  }

  /** The next messages of `from` to `to`. `complete`: there are no more of them up to `to`. */
  async read(
    topic: Topic,
    from: number,
    to: number,
  ): Promise<{ messages: StoredMessage[]; complete: boolean }> {
    const rows = await this.#guard(this.#storage.read(topic.id, from, to, chunkMessages, chunkBytes));
    const messages = decode(topic, rows);
    return { messages, complete: messages.length < chunkMessages && rows.bytes.byteLength < chunkBytes };
  }

  /** The first message of `from` to `to` that still exists. */
  async first(topic: Topic, from: number, to: number): Promise<StoredMessage | undefined> {
    return decode(topic, await this.#guard(this.#storage.read(topic.id, from, to, 1, chunkBytes)))[0];
  }

  async fetch(topic: Topic, entries: readonly number[]): Promise<StoredMessage[]> {
    return decode(topic, await this.#guard(this.#storage.fetch(topic.id, entries)));
  }

  count(topic: Topic, from: number, to: number): Promise<number> {
    return this.#guard(this.#storage.count(topic.id, from, to));
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

function decode(topic: Topic, { entries, ends, bytes }: StoredRows): StoredMessage[] {
  const messages: StoredMessage[] = [];
  let start = 0;
  for (const [i, entry] of entries.entries()) {
    const end = ends[i] ?? start;
    messages.push(
      decodeMessage(
        Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start),
        entry,
        topic.positionOf(entry),
      ),
    );
    start = end;
  }
  return messages;
}
