import type { AttemptView, JobRow, TimelineRow } from "@downbeat/api/views";
import fc from "fast-check";

/** A run as its code and its workers could have made it: chains of jobs, timers and signals side by side, with retries, losers and undo steps. */
export interface GeneratedRun {
  readonly rows: readonly TimelineRow[];
  readonly startedAt: number;
  readonly now: number;
}

interface Step {
  readonly kind: "job" | "timer" | "signal";
  readonly type: number;
  readonly ms: number;
  readonly retries: number;
  readonly end: "done" | "rejected" | "stuck" | "cancelled" | "open";
  readonly isUndo: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom("job", "job", "job", "timer", "signal"),
  type: fc.nat(2),
  ms: fc.nat(400),
  retries: fc.nat(2),
  end: fc.constantFrom("done", "done", "done", "done", "rejected", "stuck", "cancelled", "open"),
  isUndo: fc.boolean(),
});

/** Lanes run beside one another; in a lane, a step begins when the one before it has ended. */
export const generatedRun: fc.Arbitrary<GeneratedRun> = fc
  .array(fc.array(step, { maxLength: 12 }), { minLength: 0, maxLength: 4 })
  .map(runOf);

interface Moment {
  readonly at: number;
  readonly row: number;
  readonly isEnd: boolean;
}

function runOf(lanes: readonly (readonly Step[])[]): GeneratedRun {
  const startedAt = 1_000;
  const planned: { readonly step: Step; readonly from: number; readonly to: number | undefined }[] = [];
  for (const lane of lanes) {
    let at = startedAt;
    for (const each of lane) {
      const isOpen = each.end === "open" || (each.kind === "job" && each.end === "stuck");
      planned.push({ step: each, from: at, to: isOpen ? undefined : at + each.ms });
      if (isOpen) break;
      at += each.ms;
    }
  }
  const now = Math.max(startedAt, ...planned.map(({ from, to }) => to ?? from)) + 50;
  // Numbers of events in the order of time; what ends comes before what begins because of it.
  const moments: Moment[] = planned.flatMap(({ from, to }, row) => [
    { at: from, row, isEnd: false },
    ...(to === undefined ? [] : [{ at: to, row, isEnd: true }]),
  ]);
  moments.sort(
    (one, other) => one.at - other.at || one.row - other.row || Number(one.isEnd) - Number(other.isEnd),
  );
  const first = new Map<number, number>();
  const last = new Map<number, number>();
  for (const [index, { row, isEnd }] of moments.entries()) (isEnd ? last : first).set(row, index + 2);
  const rows = planned.map(({ step: each, from, to }, index): TimelineRow => {
    const firstSeq = first.get(index) ?? 0;
    const basics = {
      rowId: `${each.kind[0]}${index}`,
      from,
      firstSeq,
      lastSeq: last.get(index) ?? firstSeq,
      ...(to !== undefined && { to }),
    };
    if (each.kind === "timer")
      return {
        ...basics,
        kind: "timer",
        timerId: basics.rowId,
        dueAt: to ?? from + each.ms,
        status: to === undefined ? "waiting" : each.end === "cancelled" ? "cancelled" : "fired",
      };
    if (each.kind === "signal")
      return {
        ...basics,
        kind: "signal",
        name: `signal${each.type}`,
        status: to === undefined ? "awaited" : each.end === "cancelled" ? "ended" : "delivered",
      };
    return jobOf(each, basics, to);
  });
  rows.sort((one, other) => one.firstSeq - other.firstSeq);
  return { rows, startedAt, now };
}

function jobOf(
  { type, retries, end, ms, isUndo }: Step,
  basics: Pick<JobRow, "rowId" | "from" | "to" | "firstSeq" | "lastSeq">,
  to: number | undefined,
): JobRow {
  const each = Math.floor(ms / (retries + 1));
  const attempts = Array.from({ length: retries + 1 }, (_, index): AttemptView => {
    const requestedAt = basics.from + each * index;
    const isLast = index === retries;
    if (isLast && to === undefined && end !== "stuck") return { attempt: index + 1, requestedAt };
    const outcome =
      isLast && end === "done" ? "completed" : isLast && end === "cancelled" ? "cancelled" : "failed";
    return {
      attempt: index + 1,
      requestedAt,
      endedAt: isLast ? (to ?? requestedAt) : requestedAt + 1,
      outcome,
    };
  });
  const status = end === "done" ? "completed" : end === "open" ? "running" : end;
  return {
    ...basics,
    kind: "job",
    jobId: basics.rowId,
    jobType: `job${type}`,
    status,
    attempts,
    input: "{}",
    maxAttempts: 5,
    ...(isUndo && { compensationId: `c${basics.rowId}` }),
  };
}
