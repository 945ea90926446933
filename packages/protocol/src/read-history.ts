import {
  type AcceptCursor,
  accept,
  believedTime,
  isUnsigned,
  noteUnreadable,
  type RunEvent,
} from "@downbeat/domain";
import { z } from "zod";
import { type RemovedRun, removedPart } from "./compacted-record.ts";
import {
  type Claim,
  type Decision,
  type DecisionRecord,
  historyHeader,
  isWholeRecord,
} from "./history-record.ts";
import { reasonOf } from "./reason.ts";
import { type DatedMessage, damageOf, type HistoryMessage } from "./record-damage.ts";
import { recordFormat } from "./record-format.ts";
import { epochBefore } from "./record-keys.ts";
import { runEvent, runEventTypes } from "./run-event.ts";

/** One run's part of a record, as far as this version can read it. */
export interface ReadDecision extends Decision {
  /** Why not all of its events can be read, in a sentence without its stop; `events` are empty then. */
  readonly flaw?: string;
  /** The flaw is this version's: a newer one wrote it. */
  readonly isNewer?: boolean;
  /** The run was over with event `seq`, and retention has removed its history up to there: `events` are empty, and what was known of it counts no more. */
  readonly removed?: RemovedRun;
}

export interface ReadDecisionRecord extends DecisionRecord {
  readonly decisions: readonly ReadDecision[];
}

/** What a message of a history partition is to every reader alike. */
export type HistoryReading =
  | {
      readonly type: "claim";
      readonly cursor: AcceptCursor;
      readonly record: Claim;
      readonly misdated?: string;
    }
  | {
      readonly type: "decisions";
      readonly cursor: AcceptCursor;
      readonly record: ReadDecisionRecord;
      /** A newer version wrote it, and not all of it is known here. */
      readonly isNewer: boolean;
      /** It says a time that no engine had, and is taken to be of an earlier one: in a sentence without its stop. */
      readonly misdated?: string;
    }
  | {
      readonly type: "leftOut";
      readonly cursor: AcceptCursor;
      /** Of the record; empty where not even that is known. */
      readonly id: string;
      /** In a sentence without its stop. */
      readonly reason: string;
      /**
       * - `notCounted`: as it should be, a zombie wrote it
       * - `noRecord`: no engine wrote it, or none has signed it
       * - `damaged`: it is not what was written; whether it counted shows later, and what it said is lost
       */
      readonly cause: "notCounted" | "noRecord" | "damaged";
      /** Whom a damaged record is about, as far as that can be made out: they are to be set aside. */
      readonly runIds: readonly string[];
    };

/**
 * Reads one message of a history partition. Acceptance goes by the header alone, so that an event of a newer version, or one that is
 * nonsense, costs its run and never the records after it.
 *
 * @param cursor after the message before; go on with the cursor of the answer
 */
export function readHistory(cursor: AcceptCursor, message: DatedMessage): HistoryReading {
  const record = readRecord(message);
  if ("unreadable" in record) return unreadable(cursor, message, record);
  if (isUnsigned(cursor, record)) {
    const reason = "it is not signed, as the records before it are";
    return { type: "leftOut", cursor, id: record.id, reason, cause: "noRecord", runIds: [] };
  }
  // Rule 1: every reader counts by this one function, so a zombie's record is nobody's.
  const counted = accept(cursor, record);
  if (counted === undefined) {
    const reason = "the accept rule leaves it out: another owner had claimed the partition";
    return { type: "leftOut", cursor, id: record.id, reason, cause: "notCounted", runIds: [] };
  }
  const at = believedTime(cursor, record.at, message.publishTime);
  const next = { ...counted, at: Math.max(cursor.at ?? 0, at) };
  const isMisdated = at !== record.at;
  const read = isMisdated ? { ...record, at } : record;
  const more = isMisdated && { misdated: misdatedReason(record.at, at) };
  if (read.kind === "claim") return { type: "claim", cursor: next, record: read, ...more };
  return { type: "decisions", cursor: next, record: read, isNewer: isNewerFormat(read.format), ...more };
}

function misdatedReason(said: number, at: number): string {
  const far = said > latestDate ? `${said} ms after 1970` : new Date(said).toISOString();
  return `it says that it is of ${far}, when no engine can have decided it: it is taken to be of ${new Date(at).toISOString()}`;
}

/** Of JavaScript's dates. */
const latestDate = 8.64e15;

/** What the message says by itself, counted or not, or why it says nothing: in a sentence without its stop. */
export function readRecord(
  message: HistoryMessage,
): Claim | ReadDecisionRecord | { readonly unreadable: string; readonly isDamaged: boolean } {
  const damage = damageOf(message);
  if (damage !== undefined) return { unreadable: damage, isDamaged: true };
  const { payload, proof } = message;
  if (proof?.is === "forged") return { unreadable: proof.why, isDamaged: false };
  const record = parse(payload);
  if (typeof record === "string") return { unreadable: record, isDamaged: false };
  return proof === undefined ? record : { ...record, isSigned: proof.is === "signed" };
}

function parse(payload: Uint8Array): Claim | ReadDecisionRecord | string {
  let json: unknown;
  try {
    json = JSON.parse(textOf(payload));
  } catch {
    return "it is no record of history: not JSON";
  }
  // Most are, and need no look at each of their events.
  if (isWholeRecord(json)) return json;
  const header = historyHeader.safeParse(json);
  if (!header.success) return `it is no record of history: ${reasonOf(header.error)}`;
  if (header.data.kind === "claim") return header.data;
  const { decisions, ...link } = header.data;
  return { ...link, decisions: decisions.flatMap((one) => partOf(one, isNewerFormat(link.format))) };
}

/** A newer version says so in the record's format: what is odd in one that doesn't is nobody's. */
function isNewerFormat(format = 1): boolean {
  return format > recordFormat;
}

const part = z.object({
  runId: z.string(),
  workflow: z.string().catch(""),
  inputId: z.string().catch(""),
  seq: z.number().int().nonnegative().optional().catch(undefined),
  events: z.unknown().optional(),
});
const events = z.array(z.unknown());
const typed = z.object({ type: z.string() });

/** None for a part that names no run: there is nobody whom it could be about. */
function partOf(value: unknown, isNewerRecord: boolean): ReadDecision[] {
  const removed = removedPart.safeParse(value).data;
  if (removed !== undefined) return [{ ...removed, inputId: "", events: [] }];
  const parsed = part.safeParse(value);
  if (!parsed.success) return [];
  const { runId, workflow, inputId, seq = 1 } = parsed.data;
  const list = events.safeParse(parsed.data.events);
  const base = { runId, workflow, inputId, seq, events: [] };
  if (!list.success || parsed.data.seq === undefined)
    return [{ ...base, flaw: "a part of a record can't be read", isNewer: isNewerRecord }];
  const read: RunEvent[] = [];
  for (const [index, candidate] of list.data.entries()) {
    const event = runEvent.safeParse(candidate);
    if (event.success) {
      read.push(event.data as RunEvent);
      continue;
    }
    const type = typed.safeParse(candidate).data?.type;
    const isUnknown = type !== undefined && !runEventTypes.includes(type);
    const flaw = isUnknown
      ? `event ${seq + index} is ${JSON.stringify(type.slice(0, 100))}, which this version doesn't know`
      : `event ${seq + index} can't be read: ${reasonOf(event.error)}`;
    return [{ ...base, flaw, isNewer: isNewerRecord }];
  }
  return [{ ...base, events: read }];
}

function unreadable(
  cursor: AcceptCursor,
  { payload, properties, proof }: HistoryMessage,
  { unreadable: reason, isDamaged }: { readonly unreadable: string; readonly isDamaged: boolean },
): HistoryReading {
  const id = properties?.id ?? "";
  // Without an id no engine wrote it, unless that is damaged too. Where records are signed, an id alone says nothing.
  const isNobodys = id === "" || proof?.is === "forged" || cursor.signedAt !== undefined;
  if (!isDamaged && isNobodys && proof?.is !== "signed")
    return { type: "leftOut", cursor, id, reason, cause: "noRecord", runIds: [] };
  const base = { type: "leftOut", id, reason, cause: "damaged" } as const;
  if (proof?.is === "forged") return { ...base, cursor: noteUnreadable(cursor, ""), runIds: [] };
  if (proof === undefined || cursor.signedAt === undefined)
    return { ...base, cursor: noteUnreadable(cursor, id), runIds: runIdsIn(textOf(payload)) };
  // Whoever can write to the log can write what looks damaged. Only what is known to have been the next record sets anybody aside.
  if (proof.is !== "signed" && proof.is !== "altered")
    return { ...base, cursor: noteUnreadable(cursor, ""), runIds: [] };
  const { follows } = proof.link;
  const isNext =
    follows === cursor.last ||
    follows === epochBefore(cursor.epoch) ||
    cursor.unreadable?.includes(follows) === true;
  if (!isNext) return { ...base, cursor, runIds: [] };
  return { ...base, cursor: noteUnreadable(cursor, id), runIds: runIdsIn(textOf(payload)) };
}

/** In JSON text that may not be whole. A run's id inside of a payload has its quotes escaped, so it is not taken for one. */
function runIdsIn(text: string): string[] {
  const found = new Set<string>();
  for (const [, quoted] of text.matchAll(/"runId":("(?:[^"\\]|\\.)*")/g)) {
    try {
      const runId: unknown = JSON.parse(quoted ?? "");
      if (typeof runId === "string" && runId !== "") found.add(runId);
    } catch {
      // The damage is in the id itself.
    }
  }
  return [...found];
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}
