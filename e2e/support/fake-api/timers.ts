import type { TimerKind, TimerList, TimerView } from "@downbeat/api/views";
import { pageOf } from "./page-of.ts";
import type { World } from "./world.ts";

interface Asked {
  readonly kind?: readonly string[] | undefined;
  readonly workflow?: string | undefined;
  readonly jobType?: string | undefined;
  readonly runId?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly cursor?: string | null | undefined;
  readonly limit: number;
}

/** What is due in the open runs, what is next first. */
export function timersOf(world: World, asked: Asked): Omit<TimerList, "freshness"> {
  const all = world
    .summaries()
    .filter(({ status }) => status === "running")
    .flatMap(({ runId }) => ofRun(world, runId))
    .filter((timer) => isAskedFor(timer, asked))
    .sort((one, other) => one.dueAt - other.dueAt);
  const { items, ...rest } = pageOf(all, asked.cursor, asked.limit);
  return { timers: items, ...rest };
}

function isAskedFor(timer: TimerView, { kind, workflow, jobType, runId, from = 0, to }: Asked): boolean {
  if (kind !== undefined && !kind.includes(timer.kind)) return false;
  if (workflow !== undefined && timer.workflow !== workflow) return false;
  if (jobType !== undefined && (timer.name !== jobType || !isOfJob(timer.kind))) return false;
  if (runId !== undefined && timer.runId !== runId) return false;
  return timer.dueAt >= from && (to === undefined || timer.dueAt < to);
}

const isOfJob = (kind: TimerKind): boolean => kind === "backOff" || kind === "deadline";

function ofRun(world: World, runId: string): TimerView[] {
  const folded = world.fold(runId);
  if (folded === undefined) return [];
  const { workflow } = folded.summary;
  return folded.rows.flatMap((row): TimerView[] => {
    if (row.to !== undefined) return [];
    const base = { runId, workflow, id: row.rowId, since: row.from };
    if (row.kind === "timer") return [{ ...base, kind: "sleep", dueAt: row.dueAt }];
    if (row.kind === "signal")
      return row.dueAt === undefined ? [] : [{ ...base, kind: "signal", name: row.name, dueAt: row.dueAt }];
    const job = {
      ...base,
      name: row.jobType,
      attempt: row.attempts.length,
      maxAttempts: row.maxAttempts,
      ...(row.failure !== undefined && { failure: row.failure }),
    };
    if (row.status === "backingOff" && row.retryAt !== undefined)
      return [{ ...job, kind: "backOff", dueAt: row.retryAt }];
    const begun = row.attempts.at(-1)?.startedAt;
    return row.status === "running" && begun !== undefined
      ? [{ ...job, kind: "deadline", dueAt: begun + 300_000 }]
      : [];
  });
}
