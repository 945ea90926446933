import type { DatabaseSync, StatementSync } from "node:sqlite";
import { type AcceptCursor, emptyCursor } from "@downbeat/domain";
import { comparePositions, type Position, type ReceivedMessage } from "@downbeat/message-log";
import { jsonOf, numberOf, textOf } from "../rows.ts";

export interface PartitionState {
  /** Of the last message taken. */
  position: Position | undefined;
  publishedAt: number;
  cursor: AcceptCursor;
  /** Records of decisions that counted, since this process began. */
  decisions: number;
  changed: boolean;
}

/** How far each partition is taken, and what the accept rule knows of it there. */
export class Partitions {
  readonly #states = new Map<number, PartitionState>();
  readonly #set: StatementSync;

  constructor(db: DatabaseSync) {
    this.#set = db.prepare(
      "INSERT OR REPLACE INTO partitions (partition, position, published_at, epoch, last, owner, count, cursor) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    );
    for (const row of db.prepare("SELECT * FROM partitions").all()) {
      this.#states.set(numberOf(row, "partition"), {
        position: textOf(row, "position") as Position,
        publishedAt: numberOf(row, "published_at"),
        cursor: jsonOf<AcceptCursor>(row, "cursor"),
        decisions: 0,
        changed: false,
      });
    }
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
  advance(partition: number, { position, publishTime }: ReceivedMessage): PartitionState | undefined {
    let state = this.#states.get(partition);
    if (state === undefined) {
      state = { position: undefined, publishedAt: 0, cursor: emptyCursor, decisions: 0, changed: false };
      this.#states.set(partition, state);
    }
    if (state.position !== undefined && comparePositions(position, state.position) <= 0) return undefined;
    state.position = position;
    state.publishedAt = Math.max(state.publishedAt, publishTime);
    state.changed = true;
    return state;
  }

  /** In the transaction of what follows from the messages. */
  write(): void {
    for (const [partition, state] of this.#states) {
      const { position, publishedAt, cursor } = state;
      if (!state.changed || position === undefined) continue;
      const { epoch, last, owner, count } = cursor;
      this.#set.run(partition, position, publishedAt, epoch, last, owner, count, JSON.stringify(cursor));
      state.changed = false;
    }
  }
}
