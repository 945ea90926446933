import type { ClosedRun } from "@downbeat/domain";
import { z } from "zod";

const closed = z.enum(["completed", "failed", "cancelled", "terminated"]);
const short = z.tuple([
  closed,
  z.string(),
  z.string(),
  z.number(),
  z.number(),
  z.number(),
  z.number().optional(),
]);

/** Rule 20. What is kept of a run that is over: short, since there are more of them than of any other. The run's id is kept beside it. */
export function tombstoneText(run: ClosedRun): string {
  const { runId: _, status, workflow, startId, inputHash, seq, lastAt, closedAt, ...others } = run;
  const { actions, unanswered, ...rest } = others;
  // Nearly always; what people did to it, or what may still come, is written as it is.
  if (actions === null && unanswered === null && Object.keys(rest).length === 0)
    return JSON.stringify([
      ...[status, workflow, startId, seq, lastAt, closedAt],
      ...(inputHash === undefined ? [] : [inputHash]),
    ]);
  return JSON.stringify(run);
}

export function readTombstone(runId: string, text: string): ClosedRun {
  const json: unknown = JSON.parse(text);
  // Written by this module alone: the shape is known once the text is whole.
  if (!Array.isArray(json)) return json as ClosedRun;
  const [status, workflow, startId, seq, lastAt, closedAt, inputHash] = short.parse(json);
  const basics = { status, runId, workflow, startId, seq, lastAt, closedAt, actions: null, unanswered: null };
  return inputHash === undefined ? basics : { ...basics, inputHash };
}
