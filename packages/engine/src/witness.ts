import { type AcceptCursor, accept } from "@downbeat/domain";
import {
  type MessageLog,
  type Reader,
  type ReceivedMessage,
  reconnectingReader,
} from "@downbeat/message-log";
import { readHeader, readHistory, topics } from "@downbeat/protocol";
import { type Clock, logClockOf } from "./clock.ts";
import type { ClaimPlace } from "./observer.ts";

export interface WitnessOptions {
  /** A handle that shows only what is durable. */
  readonly log: MessageLog;
  readonly clock: Clock;
  /** A record of decisions counts, for all who read this log. */
  readonly onDecided: (partition: number) => void;
}

/** Of one claim of this process: what it has appended, and how far that was seen. */
interface Watched {
  reader: Reader | undefined;
  cursor: AcceptCursor;
  /** Appended and not seen as accepted, the oldest first: by id, since when. */
  readonly unseen: Map<string, number>;
  trouble: string | undefined;
}

/** More than an owner may have under way by far: then it is late anyway. */
const mostUnseen = 1_000;

/**
 * Reads what this process appends as any other reader does: on sessions of its own, by what is in the log, with the accept rule. An owner that goes on
 * while nobody else can see it is found out here.
 */
export class Witness {
  readonly #o: WitnessOptions;
  readonly #watched = new Map<number, Watched>();

  constructor(options: WitnessOptions) {
    this.#o = options;
  }

  /** Begins again with a claim. Whatever was before it, who decides from then on follows from the log alone. */
  claimed(partition: number, { id, after, cursor }: ClaimPlace): void {
    this.dropped(partition);
    const { log, clock } = this.#o;
    const watched: Watched = { reader: undefined, cursor, unseen: new Map(), trouble: undefined };
    this.#watched.set(partition, watched);
    watched.reader = reconnectingReader(log, topics.history(partition), {
      from: after === undefined ? "earliest" : { after },
      clock: logClockOf(clock),
      random: () => clock.random(),
      expectsMore: () => watched.unseen.size > 0,
      onMessage: (message) => this.#take(partition, watched, message),
      onStateChange: (_, reason) => {
        watched.trouble = reason?.message;
      },
      onClose: (reason) => {
        watched.trouble = reason?.message;
      },
    });
    this.appended(partition, id);
  }

  appended(partition: number, recordId: string): void {
    const unseen = this.#watched.get(partition)?.unseen;
    if (unseen !== undefined && unseen.size < mostUnseen) unseen.set(recordId, this.#o.clock.monotonic());
  }

  /** The partition is given up: whether its last records count is for whoever claims it next. */
  dropped(partition: number): void {
    const watched = this.#watched.get(partition);
    this.#watched.delete(partition);
    void watched?.reader?.close();
  }

  /** For so long the oldest record is not seen, ms; 0 when all are. */
  unseenMs(partition: number): number {
    const [since] = this.#watched.get(partition)?.unseen.values() ?? [];
    return since === undefined ? 0 : this.#o.clock.monotonic() - since;
  }

  /** Why it can't read the partition, when it can't. */
  trouble(partition: number): string | undefined {
    return this.#watched.get(partition)?.trouble;
  }

  async close(): Promise<void> {
    const readers = [...this.#watched.values()].map(({ reader }) => reader?.close());
    this.#watched.clear();
    await Promise.all(readers);
  }

  #take(partition: number, watched: Watched, message: ReceivedMessage): void {
    if (this.#watched.get(partition) !== watched) return;
    const header = readHeader(message);
    if (header === undefined) {
      // The record that builds on it says whether it counted.
      watched.cursor = readHistory(watched.cursor, message).cursor;
      return;
    }
    const cursor = accept(watched.cursor, header);
    if (cursor === undefined) return;
    watched.cursor = cursor;
    if (header.kind === "decisions") this.#o.onDecided(partition);
    // Records count in the order in which they are appended.
    if (!watched.unseen.has(header.id)) return;
    for (const id of watched.unseen.keys()) {
      watched.unseen.delete(id);
      if (id === header.id) return;
    }
  }
}
