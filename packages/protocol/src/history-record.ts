import type { RunEvent } from "@downbeat/domain";
import { z } from "zod";
import * as f from "./fields.ts";
import { keptAsItIs } from "./kept-as-it-is.ts";
import { runEvent } from "./run-event.ts";

/** One run's part of a decision record: what came of one input. */
export interface Decision {
  readonly runId: string;
  /** Empty when the run does not exist and the events only say so. */
  readonly workflow: string;
  /** `commandId` of the input that caused it. */
  readonly inputId: string;
  /** Number of the first event in its run's history, from 1; 0 when the events are of no run's history: the run does not exist, or is set aside. */
  readonly seq: number;
  readonly events: readonly RunEvent[];
}

/** Of a record that was read: whether it is signed, where this process has keys. Not a part of what is written. */
interface Read {
  readonly isSigned?: boolean;
}

export interface Claim extends Read {
  readonly kind: "claim";
  readonly id: string;
  readonly epoch: number;
  readonly owner: string;
  /** ms since the epoch */
  readonly at: number;
}

export interface DecisionRecord extends Read {
  readonly kind: "decisions";
  readonly id: string;
  /** Id of the record that this one builds on. */
  readonly prev: string;
  readonly claimId: string;
  /** Of the claim, so that a reader that begins after it knows. Absent in records of older engines. */
  readonly epoch?: number;
  /** See `record-format.ts`; absent for 1. */
  readonly format?: number;
  /** Time of every event in the record, ms since the epoch. Never smaller than in the record before. */
  readonly at: number;
  /** The effects of so many accepted records of this partition, counted from its beginning, are published. */
  readonly dispatchedUpTo: number;
  readonly decisions: readonly Decision[];
  /** What came of the last decision's input is more than one record takes: so many further parts follow, if their owner lived to append them. */
  readonly partsLeft?: number;
  /** Compaction wrote it, for this record or for several that it stands for: how many records had counted after them. See `compacted-record.ts`. */
  readonly ordinal?: number;
}

export type HistoryRecord = Claim | DecisionRecord;

const id = z.string().min(1).max(200);

const decision = z.object({
  runId: z.string(),
  workflow: z.string(),
  inputId: z.string(),
  seq: z.number().int().nonnegative(),
  events: z.array(runEvent),
});

const claim = z.object({
  kind: z.literal("claim"),
  id,
  epoch: z.number().int().min(1),
  owner: z.string(),
  at: f.time,
});

const link = z.object({
  kind: z.literal("decisions"),
  id,
  prev: id,
  claimId: id,
  epoch: z.number().int().min(1).exactOptional(),
  format: z.number().int().min(1).exactOptional(),
  partsLeft: z.number().int().min(1).exactOptional(),
  at: f.time,
  dispatchedUpTo: z.number().int().nonnegative(),
});

/** A whole record: what is written, and what is read of a version that is not newer. */
export const historyRecord = z.discriminatedUnion("kind", [
  claim,
  link.extend({ decisions: z.array(decision) }),
]);

/** Which records `historyRecord` gives back as they are: all that an engine of this version wrote. */
export const isWholeRecord = keptAsItIs(historyRecord) as (json: unknown) => json is HistoryRecord;

/** Whether the record's own words, beside what it tells of runs, can be read back. */
export function isReadable({ decisions: _, ...words }: DecisionRecord): boolean {
  return link.safeParse(words).success;
}

/** As no engine writes it: only compaction does. */
const compactedLink = link.extend({ ordinal: z.number().int().min(1).exactOptional() });

/** What decides whether a record counts, and whom it concerns; what happened to them is read after that. */
export const historyHeader = z.discriminatedUnion("kind", [
  claim,
  compactedLink.extend({ decisions: z.array(z.unknown()) }),
]);

const at = f.time.exactOptional();

/** As much of it as the accept rule looks at. */
export const acceptedHeader = z.discriminatedUnion("kind", [
  claim.pick({ kind: true, id: true, epoch: true, owner: true }).extend({ at }),
  compactedLink
    .pick({ kind: true, id: true, prev: true, claimId: true, epoch: true, ordinal: true })
    .extend({ at }),
]);

/** @throws ZodError for a record that nobody could read */
export function encodeHistoryRecord(record: HistoryRecord): Uint8Array {
  return Buffer.from(JSON.stringify(historyRecord.parse(record)));
}

/** Of a whole record that this version can read; `undefined` for anything else. Readers of history use `readHistory`, which loses nothing. */
export function parseHistoryRecord(bytes: Uint8Array): HistoryRecord | undefined {
  try {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
    const json: unknown = JSON.parse(text);
    if (isWholeRecord(json)) return json;
    return historyRecord.safeParse(json).data as HistoryRecord | undefined;
  } catch {
    return undefined;
  }
}
