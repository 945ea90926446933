import { type AcceptCursor, emptyCursor } from "@downbeat/domain";
import { type MessageLog, type Position, type ReceivedMessage, readRange } from "@downbeat/message-log";
import {
  type HistoryKeys,
  type RecordLink,
  readHistory,
  removedPart,
  removedPartOf,
} from "@downbeat/protocol";
import { z } from "zod";
import { type RunOver, RunsOver } from "./runs-over.ts";
import { type CompactedMessage, compactStretch, type Remains, type Stretch } from "./stretch.ts";

export type { CompactedMessage } from "./stretch.ts";

export interface HistoryCompactionOptions {
  /** Shows only what is durable. */
  readonly log: MessageLog;
  /** A history partition. */
  readonly topic: string;
  /** One transaction of the log: all of it or nothing. */
  readonly compact: (messages: readonly CompactedMessage[]) => Promise<void>;
  /** Runs that ended before are removed, ms since the epoch. */
  readonly endedBefore: number;
  /** Of runs that ended before, nothing is kept, ms since the epoch. */
  readonly forgottenBefore: number;
  /** Waits a little, so that the log's other work comes first. */
  readonly pause?: () => Promise<void>;
  /** Only say what would be done. */
  readonly dryRun?: boolean;
  /** Runs removed in one go: they are kept in memory meanwhile. */
  readonly mostRuns?: number;
  readonly mostRecords?: number;
  /** Of a log whose readers check by them: `checkedLog`. */
  readonly keys?: HistoryKeys | undefined;
}

export interface CompactionFigures {
  /** Runs whose history was removed. */
  runs: number;
  /** That are gone. */
  records: number;
  /** Less of what records hold. */
  bytes: number;
}

const mostBytesAtOnce = 128_000;
const mostBytesOfStretch = 2_000_000;

/**
 * Removes the history of runs that ended long ago from one partition of a log. It follows from the log alone: nothing else is kept, and it can be
 * interrupted at any moment and begun again.
 *
 * Whoever reads meanwhile, from wherever, never sees a gap in a run: of a run the last part is removed first, and what is left of it put there. So each
 * reader has its first parts, as many as there were when it came by, and then what says that it is over.
 *
 * @throws Error where records are signed and no key signs what would stand for them; they stay as they are
 */
export class HistoryCompaction {
  readonly #o: HistoryCompactionOptions;
  readonly #runs = new RunsOver();
  readonly #stretches: (Stretch & { readonly isWorthIt: boolean })[] = [];
  readonly #done: CompactionFigures = { runs: 0, records: 0, bytes: 0 };
  #cursor: AcceptCursor = emptyCursor;
  #position: Position | undefined;
  /** From here on nothing is looked at: it is too young, or of a newer version. */
  #isAtEnd = false;

  constructor(options: HistoryCompactionOptions) {
    this.#o = options;
  }

  async run(): Promise<CompactionFigures> {
    const end = await this.#o.log.lastPosition(this.#o.topic);
    if (end === undefined) return this.#done;
    while (!this.#isAtEnd) {
      const first = this.#stretches.length;
      await this.#look(end);
      await this.#remove(first);
    }
    return this.#done;
  }

  /** Reads on until enough runs are over. */
  async #look(end: Position): Promise<void> {
    const { mostRuns = 20_000, mostRecords = 500 } = this.#o;
    let begun = this.#begin();
    const close = (): void => {
      const { stretch, isWorthIt, last } = begun;
      if (last !== undefined) this.#stretches.push({ ...stretch, last, isWorthIt });
      begun = this.#begin();
    };
    this.#isAtEnd = true;
    await this.#read(this.#position, end, (message) => {
      // The first of all stays as it is: caches know the log by it.
      if (this.#position === undefined) {
        this.#step(message, 0);
        begun = this.#begin();
        return false;
      }
      const worth = this.#step(message, this.#stretches.length);
      if (worth === undefined) return true;
      begun.last = message.position;
      begun.records += 1;
      begun.bytes += message.payload.byteLength;
      begun.removable += worth.isRemovable ? 1 : 0;
      begun.isWorthIt ||= worth.isSure || begun.removable > 1;
      if (begun.records < mostRecords && begun.bytes < mostBytesOfStretch) return false;
      close();
      if (this.#runs.size < mostRuns) return false;
      this.#isAtEnd = message.position === end;
      return true;
    });
    close();
  }

  #begin() {
    return {
      stretch: { after: this.#position ?? noPosition, cursor: this.#cursor },
      last: undefined as Position | undefined,
      records: 0,
      bytes: 0,
      removable: 0,
      isWorthIt: false,
    };
  }

  /** @returns whether there is something to remove, as far as can be told by now; `undefined` at the end of what is looked at */
  #step(message: ReceivedMessage, stretch: number): { isRemovable: boolean; isSure: boolean } | undefined {
    const { endedBefore, forgottenBefore } = this.#o;
    const reading = readHistory(this.#cursor, message);
    // What counts for nothing is as old as what counts before it.
    const at = reading.type === "leftOut" ? 0 : reading.record.at;
    if (at >= endedBefore || (reading.type === "decisions" && reading.isNewer)) return undefined;
    this.#cursor = reading.cursor;
    this.#position = message.position;
    if (reading.type !== "leftOut" && message.properties.mac !== undefined && this.#o.keys?.signs !== true)
      throw new Error(
        "the records of the log are signed, and there is no key here that signs: name the file of keys in DOWNBEAT_RECORD_KEYS_FILE",
      );
    if (reading.type === "leftOut") {
      this.#runs.setAside(reading.runIds);
      return { isRemovable: reading.cause === "notCounted", isSure: reading.cause === "notCounted" };
    }
    if (reading.type === "claim") return { isRemovable: false, isSure: false };
    this.#runs.take(reading.record, message.position, stretch);
    const { decisions } = reading.record;
    return {
      isRemovable: decisions.every(({ removed }) => removed !== undefined),
      isSure: decisions.some(
        ({ seq, removed, events }) =>
          seq === 0 ||
          (removed !== undefined && removed.closedAt < forgottenBefore) ||
          (at < forgottenBefore &&
            events.length > 0 &&
            events.every(({ type }) => type === "CommandRefused")),
      ),
    };
  }

  /** The last first. */
  async #remove(firstNew: number): Promise<void> {
    const over = new Map(this.#runs.all());
    const affected = this.#runs.stretches();
    for (let index = this.#stretches.length - 1; index >= 0; index--) {
      const stretch = this.#stretches[index];
      if (stretch === undefined) continue;
      if (!affected.has(index) && !(index >= firstNew && stretch.isWorthIt)) continue;
      await this.#o.pause?.();
      await this.#compact(stretch, over);
    }
    this.#done.runs += [...over.values()].filter(({ state }) => state !== undefined).length;
    this.#runs.settle();
  }

  async #compact(stretch: Stretch, over: ReadonlyMap<string, RunOver>): Promise<void> {
    const messages: ReceivedMessage[] = [];
    await this.#read(stretch.after, stretch.last, (message) => {
      messages.push(message);
      return false;
    });
    const { keys, topic } = this.#o;
    const compacted = compactStretch(
      stretch,
      messages,
      (parts, link, position) => this.#remains(parts, link, position, over),
      (link, payload) => keys?.sign(topic, link, payload) ?? {},
    );
    if (compacted.length === 0) return;
    this.#count(messages, compacted);
    if (this.#o.dryRun === true) return;
    // The last first here too, as much as the log takes without others having to wait.
    while (compacted.length > 0) {
      const slice: CompactedMessage[] = [];
      let bytes = 0;
      for (
        let last = compacted.at(-1);
        last !== undefined && bytes < mostBytesAtOnce;
        last = compacted.at(-1)
      ) {
        slice.unshift(last);
        bytes += last.payload.byteLength;
        compacted.pop();
      }
      await this.#o.compact(slice);
      await this.#o.pause?.();
    }
  }

  #count(messages: readonly ReceivedMessage[], compacted: readonly CompactedMessage[]): void {
    let next = 0;
    for (const { position, payload } of messages) {
      while ((compacted[next]?.position ?? position) < position) next += 1;
      const one = compacted[next];
      if (one === undefined) return;
      if (position <= one.after) continue;
      this.#done.bytes += payload.byteLength - (position === one.position ? one.payload.byteLength : 0);
      if (position < one.position) this.#done.records += 1;
    }
  }

  #remains(
    parts: readonly unknown[],
    { at }: RecordLink,
    position: Position,
    over: ReadonlyMap<string, RunOver>,
  ): Remains {
    const kept: unknown[] = [];
    const told = new Set<string>();
    let tells = false;
    for (const part of parts) {
      const stays = this.#stays(part, at, position, over, told);
      if (stays === undefined) continue;
      kept.push(stays.part);
      tells ||= stays.tells;
    }
    const isChanged = kept.length !== parts.length || kept.some((part, index) => part !== parts[index]);
    return { parts: kept, isChanged, tells, endsAsBefore: kept.at(-1) === parts.at(-1) };
  }

  #stays(
    part: unknown,
    at: number,
    position: Position,
    over: ReadonlyMap<string, RunOver>,
    told: Set<string>,
  ): { readonly part: unknown; readonly tells: boolean } | undefined {
    const { forgottenBefore } = this.#o;
    const head = partHead.safeParse(part).data;
    // Nobody knows whom it is about.
    if (head === undefined) return { part, tells: true };
    const { runId, seq } = head;
    const run = over.get(runId);
    const isOver = run !== undefined && position <= run.upTo;
    const known = removedPart.safeParse(part).data;
    if (known !== undefined) {
      const isSuperseded = isOver && (position < run.upTo || run.state !== undefined);
      const isForgotten = known.removed.closedAt < forgottenBefore;
      return isSuperseded || isForgotten ? undefined : { part, tells: false };
    }
    if (isOver && seq > 0) {
      const { state, upTo } = run;
      if (state === undefined || position !== upTo || told.has(runId) || state.closedAt < forgottenBefore)
        return undefined;
      told.add(runId);
      return { part: removedPartOf(state), tells: false };
    }
    if (seq === 0) return undefined;
    const isLate =
      at < forgottenBefore && seq > 1 && !this.#runs.isKept(runId) && refusalsOnly.safeParse(part).success;
    return isLate ? undefined : { part, tells: true };
  }

  #read(
    after: Position | undefined,
    to: Position,
    take: (message: ReceivedMessage) => boolean,
  ): Promise<void> {
    if (after !== undefined && after >= to) return Promise.resolve();
    const from = after === undefined ? "earliest" : ({ after } as const);
    return readRange(this.#o.log, this.#o.topic, { from, to }, take);
  }
}

const noPosition = "" as Position;
const partHead = z.object({ runId: z.string(), seq: z.number().int().nonnegative() });
const refusalsOnly = z.object({ events: z.array(z.object({ type: z.literal("CommandRefused") })).min(1) });
