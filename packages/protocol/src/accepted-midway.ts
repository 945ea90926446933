import type { AcceptCursor } from "@downbeat/domain";
import type { Claim, DecisionRecord, HistoryRecord } from "./history-record.ts";

/** What counts of a decision record here; what was decided does not. */
type Link = Omit<DecisionRecord, "decisions" | "dispatchedUpTo">;

/**
 * When an owner begins to decide a batch, fewer of its records than this are appended and not read back. Whoever begins to read in the midst
 * of a partition relies on it, so it holds for every engine there has ever been.
 */
export const mostRecordsInFlight = 16;

/** A record of which it is certain that it counts, by its number among those that were shown, and the cursor after it. */
export interface ProvenRecord {
  readonly index: number;
  readonly cursor: AcceptCursor;
}

interface Shown {
  readonly record: Claim | Link;
  /** The record that was shown before with this id: one of the two does not count. */
  isDoubled: boolean;
}

interface Chain {
  /** Records of one claim, each built on the one before. */
  readonly indexes: number[];
  lastId: string;
  lastAt: number;
}

/**
 * Tells which records of a partition's history count without reading it from the beginning. Two things are certain:
 *
 * - A claim that a decision record builds on counts: its owner decides only after it has read its claim back as accepted.
 * - Of records that build on one another under one claim, all count but the last few: an owner goes on only while fewer than
 *   {@link mostRecordsInFlight} of its records are not read back as accepted, and gives up when one is not. Records of one batch are appended together;
 *   they have one time, so records of one time are taken for one batch.
 *
 * So is what compaction wrote: it is made of records that counted.
 *
 * Nothing of this can be told from records that are not signed, for a reader that has keys: whether signing had begun before is not shown.
 *
 * After a record that counts the cursor is known: its own id, and its claim's epoch. How many records counted before is not, but where
 * compaction wrote it, and signed it: else `count` is 0. `owner` is empty where the claim was not shown.
 */
export class AcceptedMidway {
  readonly #mostInFlight: number;
  readonly #shown: Shown[] = [];
  readonly #byId = new Map<string, number>();
  readonly #chains = new Map<string, Chain>();
  /** Certain, in the order they were found out. */
  #proven: number[] = [];

  constructor(mostInFlight = mostRecordsInFlight) {
    this.#mostInFlight = mostInFlight;
  }

  /** Shows the next record in the order of the log. */
  show(record: HistoryRecord): void {
    const index = this.#shown.length;
    const before = this.#byId.get(record.id);
    this.#shown.push({ record: linkOf(record), isDoubled: before !== undefined });
    if (record.isSigned === false) return;
    if (before !== undefined) {
      const twin = this.#shown[before];
      if (twin !== undefined) twin.isDoubled = true;
      return;
    }
    this.#byId.set(record.id, index);
    if (record.kind === "claim") return;
    if (record.ordinal !== undefined) this.#proven.push(index);
    const built = this.#byId.get(record.prev);
    if (built !== undefined && this.#shown[built]?.record.kind === "claim") this.#proven.push(built);
    this.#extend(record, index);
  }

  /** The last record that certainly counts, of those up to `upTo`. */
  last(upTo = Number.POSITIVE_INFINITY): ProvenRecord | undefined {
    let best: ProvenRecord | undefined;
    for (const index of this.#proven) {
      if (index > upTo || (best !== undefined && index <= best.index)) continue;
      const shown = this.#shown[index];
      if (shown === undefined || shown.isDoubled) continue;
      const cursor = this.#cursorAfter(shown.record);
      if (cursor !== undefined) best = { index, cursor };
    }
    return best;
  }

  #extend({ id, prev, claimId, at }: DecisionRecord, index: number): void {
    const chain = this.#chains.get(claimId);
    if (chain === undefined || chain.lastId !== prev) {
      this.#chains.set(claimId, { indexes: [index], lastId: id, lastAt: at });
      return;
    }
    // Another time: a batch that was begun after the record before was appended.
    if (at !== chain.lastAt) {
      const certain = chain.indexes.at(-this.#mostInFlight);
      if (certain !== undefined) this.#proven.push(certain);
    }
    chain.indexes.push(index);
    if (chain.indexes.length > 2 * this.#mostInFlight) chain.indexes.splice(0, this.#mostInFlight);
    chain.lastId = id;
    chain.lastAt = at;
  }

  #cursorAfter(record: Claim | Link): AcceptCursor | undefined {
    const claim = record.kind === "claim" ? record : this.#claim(record.claimId);
    const epoch = claim?.epoch ?? (record.kind === "decisions" ? record.epoch : undefined);
    if (epoch === undefined) return undefined;
    const claimId = record.kind === "claim" ? record.id : record.claimId;
    const base = { epoch, last: record.id, owner: claim?.owner ?? "", count: 0, claim: claimId };
    if (record.isSigned !== true) return base;
    const ordinal = record.kind === "decisions" ? record.ordinal : undefined;
    return { ...base, count: ordinal ?? 0, signedAt: record.at };
  }

  #claim(id: string): Claim | undefined {
    const index = this.#byId.get(id);
    const record = index === undefined ? undefined : this.#shown[index]?.record;
    return record?.kind === "claim" ? record : undefined;
  }
}

function linkOf(record: HistoryRecord): Claim | Link {
  if (record.kind === "claim") return record;
  const { decisions: _, dispatchedUpTo: __, ...link } = record;
  return link;
}
