import { type Failure, messageWithCause } from "@downbeat/domain";
import { statusSince } from "../fold/job-row.ts";
import type { Damage, RunFold } from "../fold/run-fold.ts";
import type { JobRow, TimelineRow } from "../views.ts";
import { isOpen } from "./shown-status.ts";

/** What an open run is waiting for: facts only, since the sentence about them changes with time. */
export type Wait =
  | {
      readonly on: "job";
      readonly jobType: string;
      readonly status: "scheduled" | "running" | "backingOff" | "stuck";
      readonly since: number;
      readonly attempt: number;
      readonly maxAttempts: number;
      /** Of the last attempt that failed. */
      readonly error?: { readonly name: string; readonly message: string };
      readonly retryAt?: number;
      readonly worker?: string;
      readonly undoes?: string;
    }
  | { readonly on: "signal"; readonly name: string; readonly since: number; readonly until?: number }
  | { readonly on: "timer"; readonly since: number; readonly until: number }
  | {
      readonly on: "code";
      readonly since: number;
      readonly error: { readonly name: string; readonly message: string };
    };

/** The wait that matters most, and how many more there are. */
export interface Waits {
  readonly first: Wait;
  readonly more: number;
}

export function waitsOf(run: RunFold): Waits | undefined {
  if (run.damaged?.isNewer === false) {
    const error = damageError(run.damaged);
    return { first: { on: "code", since: run.damaged.since, error }, more: 0 };
  }
  if (run.status !== "running") return undefined;
  const open = [...run.rows.values()].filter(isOpen);
  if (run.stuck !== undefined) {
    return {
      first: { on: "code", since: run.stuck.since, error: errorOf(run.stuck.failure) },
      more: open.length,
    };
  }
  const row = open.reduce<TimelineRow | undefined>(moreUrgent, undefined);
  const first = row === undefined ? undefined : waitOf(row, run);
  return first === undefined ? undefined : { first, more: open.length - 1 };
}

function moreUrgent(one: TimelineRow | undefined, other: TimelineRow): TimelineRow {
  return one === undefined || urgency(other) > urgency(one) ? other : one;
}

function urgency(row: TimelineRow): number {
  switch (row.kind) {
    case "job":
      return { stuck: 6, running: 5, scheduled: 4, backingOff: 3 }[row.status as string] ?? 0;
    case "signal":
      return 2;
    case "timer":
      return 1;
  }
}

function waitOf(row: TimelineRow, run: RunFold): Wait | undefined {
  switch (row.kind) {
    case "timer":
      return { on: "timer", since: row.from, until: row.dueAt };
    case "signal": {
      const until = row.dueAt === undefined ? {} : { until: row.dueAt };
      return { on: "signal", name: row.name, since: row.from, ...until };
    }
    case "job":
      return waitForJob(row, run);
  }
}

function waitForJob(row: JobRow, run: RunFold): Wait | undefined {
  const { jobType, status, attempts, retryAt, maxAttempts, undoes } = row;
  if (status !== "scheduled" && status !== "running" && status !== "backingOff" && status !== "stuck")
    return undefined;
  const failure = row.failure ?? attempts.findLast((attempt) => attempt.failure !== undefined)?.failure;
  const undone = undoes === undefined ? undefined : run.rows.get(undoes);
  const worker = status === "running" ? attempts.at(-1)?.worker : undefined;
  return {
    on: "job",
    jobType,
    status,
    since: statusSince(row),
    attempt: attempts.at(-1)?.attempt ?? 0,
    maxAttempts,
    ...(failure !== undefined && { error: errorOf(failure) }),
    ...(retryAt !== undefined && { retryAt }),
    ...(worker !== undefined && { worker }),
    ...(undone?.kind === "job" && { undoes: undone.jobType }),
  };
}

/** As the group of stuck runs that it belongs to names it. */
export function damageError({ found }: Damage): { readonly name: string; readonly message: string } {
  return { name: "DamagedHistory", message: found };
}

const longestMessage = 300;

/** With what it came of, for the sentence. */
function errorOf(failure: Failure): { name: string; message: string } {
  const message = messageWithCause(failure);
  return {
    name: failure.name,
    message: message.length > longestMessage ? `${message.slice(0, longestMessage)}…` : message,
  };
}
