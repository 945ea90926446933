import { createHash } from "node:crypto";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { type AcceptCursor, emptyCursor } from "@downbeat/domain";
import { comparePositions, type Position, type ReceivedMessage } from "@downbeat/message-log";
import { readMeta } from "../cache.ts";
import { jsonOf, numberOf, textOf } from "../rows.ts";

/** By which the last message that was taken is found again, and told from another one in its place. */
export interface Anchor {
  readonly position: Position;
  /** Of the message before it; `undefined` for the first one. */
  readonly before: Position | undefined;
  readonly mark: string;
}

export interface PartitionState {
  /** Of the last message taken. */
  position: Position | undefined;
  publishedAt: number;
  cursor: AcceptCursor;
  /** Records of decisions that counted, since this process began. */
  decisions: number;
  changed: boolean;
  anchor?: Anchor;
  /** Taken last, and not written yet. */
  last?: { readonly message: ReceivedMessage; readonly before: Position | undefined };
}

const signedUnchecked = "signedUnchecked";

/** How far each partition is taken, and what the accept rule knows of it there. */
export class Partitions {
  readonly #states = new Map<number, PartitionState>();
  readonly #set: StatementSync;
  readonly #setMeta: StatementSync;
  /** Something of history is signed, and was read without keys. */
  #isSignedUnchecked: boolean;

  constructor(db: DatabaseSync) {
    this.#set = db.prepare(
      "INSERT OR REPLACE INTO partitions (partition, position, published_at, epoch, last, owner, count, cursor) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    );
    this.#setMeta = db.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)");
    const meta = readMeta(db);
    this.#isSignedUnchecked = meta.has(signedUnchecked);
    for (const row of db.prepare("SELECT * FROM partitions").all()) {
      const partition = numberOf(row, "partition");
      const anchor = anchorFrom(meta.get(`anchor/${partition}`));
      this.#states.set(partition, {
        position: textOf(row, "position") as Position,
        publishedAt: numberOf(row, "published_at"),
        cursor: jsonOf<AcceptCursor>(row, "cursor"),
        decisions: 0,
        changed: false,
        ...(anchor !== undefined && { anchor }),
      });
    }
  }

  get isSignedUnchecked(): boolean {
    return this.#isSignedUnchecked;
  }

  get size(): number {
    return this.#states.size;
  }

  of(partition: number): Readonly<PartitionState> | undefined {
    return this.#states.get(partition);
  }

  /** Where the partition is followed from, when not from its beginning. */
  begin(partition: number, at: Pick<PartitionState, "position" | "publishedAt" | "cursor">): void {
    this.#states.set(partition, { ...at, decisions: 0, changed: true });
  }

  /** @returns `undefined` when the message was taken before */
  advance(partition: number, message: ReceivedMessage): PartitionState | undefined {
    const { position, publishTime } = message;
    let state = this.#states.get(partition);
    if (state === undefined) {
      state = { position: undefined, publishedAt: 0, cursor: emptyCursor, decisions: 0, changed: false };
      this.#states.set(partition, state);
    }
    if (state.position !== undefined && comparePositions(position, state.position) <= 0) return undefined;
    state.last = { message, before: state.position };
    state.position = position;
    state.publishedAt = Math.max(state.publishedAt, publishTime);
    state.changed = true;
    if (message.proof === undefined && message.properties.mac !== undefined) this.#isSignedUnchecked = true;
    return state;
  }

  /** In the transaction of what follows from the messages. */
  write(): void {
    if (this.#isSignedUnchecked) this.#setMeta.run(signedUnchecked, "true");
    for (const [partition, state] of this.#states) {
      const { position, publishedAt, cursor } = state;
      if (!state.changed || position === undefined) continue;
      const { epoch, last, owner, count } = cursor;
      this.#set.run(partition, position, publishedAt, epoch, last, owner, count, JSON.stringify(cursor));
      this.#writeAnchor(partition, state);
      state.changed = false;
    }
  }

  #writeAnchor(partition: number, state: PartitionState): void {
    if (state.last === undefined) return;
    const { message, before } = state.last;
    const anchor: Anchor = { position: message.position, before, mark: markOf(message) };
    state.anchor = anchor;
    delete state.last;
    this.#setMeta.run(`anchor/${partition}`, `${anchor.position} ${before ?? "-"} ${anchor.mark}`);
  }
}

function anchorFrom(value: string | undefined): Anchor | undefined {
  const [position, before, ...mark] = value?.split(" ") ?? [];
  if (position === undefined || before === undefined) return undefined;
  return {
    position: position as Position,
    before: before === "-" ? undefined : (before as Position),
    mark: mark.join(" "),
  };
}

/** How messages of a topic are told apart, whatever becomes of their text. */
export function markOf({ payload, properties }: Pick<ReceivedMessage, "payload" | "properties">): string {
  return properties.id ?? createHash("sha256").update(payload).digest("base64url").slice(0, 22);
}
