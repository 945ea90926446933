import { type ClosedRun, orderedMap } from "@downbeat/domain";
import { z } from "zod";
import * as f from "./fields.ts";
import { type DecisionRecord, historyHeader } from "./history-record.ts";
import { compactedFormat } from "./record-format.ts";

/*
 * Compaction removes the history of runs that ended long ago. It changes no record's place in the chain:
 *
 * - A record that tells of other runs too stays where it is, with their parts alone.
 * - Where a run ended, a part stays that says what is left of it. So whoever reads on from anywhere learns that it is over, and that its id is taken.
 * - Records of one claim that tell of nothing else are replaced by the last of them, which builds on what the first was built on.
 *
 * Every such record says its `ordinal`, and is accepted by rule R5.
 */

/** What is left of a run: as much as recognises late and repeated commands. */
export type RemovedRun = z.output<typeof removedRun>;

const ids = z.array(z.string()).exactOptional();

const removedRun = z.object({
  status: z.enum(["completed", "failed", "cancelled", "terminated"]),
  startId: z.string(),
  /** Absent in what earlier versions removed. */
  inputHash: z.number().int().nonnegative().exactOptional(),
  /** ms since the epoch */
  closedAt: f.time,
  /** Time of its last event, where something was refused after its end. */
  lastAt: f.time.exactOptional(),
  actions: ids,
  unanswered: ids,
});

export const removedPart = z.object({
  runId: z.string(),
  workflow: z.string(),
  seq: z.number().int().min(1),
  removed: removedRun,
});

/** A record without what it tells of runs. */
export type RecordLink = Omit<DecisionRecord, "decisions">;

export function removedPartOf(run: ClosedRun): z.output<typeof removedPart> {
  const { runId, workflow, seq, status, startId, inputHash, closedAt, lastAt } = run;
  const actions = orderedMap.keys(run.actions);
  const unanswered = orderedMap.keys(run.unanswered);
  const removed: RemovedRun = {
    status,
    startId,
    ...(inputHash !== undefined && { inputHash }),
    closedAt,
    ...(lastAt !== closedAt && { lastAt }),
    ...(actions.length > 0 && { actions }),
    ...(unanswered.length > 0 && { unanswered }),
  };
  return { runId, workflow, seq, removed };
}

/** What an engine knows of it. */
export function closedRunOf(part: {
  readonly runId: string;
  readonly workflow: string;
  readonly seq: number;
  readonly removed: RemovedRun;
}): ClosedRun {
  const { runId, workflow, seq } = part;
  const { status, startId, inputHash, closedAt, lastAt = closedAt, actions, unanswered } = part.removed;
  return {
    status,
    runId,
    workflow,
    startId,
    ...(inputHash !== undefined && { inputHash }),
    seq,
    actions: idSet(actions),
    lastAt,
    unanswered: idSet(unanswered),
    closedAt,
  };
}

/** Of a message that is known to be a record of decisions: its link, and its parts as they are. */
export function recordLink(
  payload: Uint8Array,
): { readonly link: RecordLink; readonly parts: readonly unknown[] } | undefined {
  const text = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString("utf8");
  const header = historyHeader.safeParse(JSON.parse(text)).data;
  if (header?.kind !== "decisions") return undefined;
  const { decisions: parts, ...link } = header;
  return { link, parts };
}

/**
 * @param parts of runs, as they stood in the record, and what `removedPartOf` says
 */
export function encodeCompacted(
  link: RecordLink & { readonly ordinal: number },
  parts: readonly unknown[],
): Uint8Array {
  // The header first: see `readHeader`.
  return Buffer.from(
    JSON.stringify({ ...link, format: Math.max(link.format ?? 1, compactedFormat), decisions: parts }),
  );
}

function idSet(ids: readonly string[] = []): ClosedRun["actions"] {
  return ids.reduce<ClosedRun["actions"]>((set, id) => orderedMap.put(set, id, true), null);
}
