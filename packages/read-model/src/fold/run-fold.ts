import type { Failure, JobOptions, Labels, RunEvent, RunStatus, Standing } from "@downbeat/domain";
import type { ActionView, TimelineRow } from "../views.ts";
import { foldAction, settleResumes } from "./action.ts";
import { type AwaitedAnswer, foldAwaitedAnswer } from "./awaited-answer.ts";
import { type Compensation, foldCompensation } from "./compensation.ts";
import { foldJob } from "./job-row.ts";
import { foldWait } from "./wait-row.ts";

/**
 * What a person wants to know of one run, folded from its events. The projection keeps it for open runs without the rows that are over;
 * a query for one run folds all of its events. Events are never refused: what makes no sense is left out, so a surprising record can't
 * stop the read model. The maps are replaced entry by entry, the entries themselves never change.
 */
export interface RunFold {
  readonly runId: string;
  readonly partition: number;
  workflow: string;
  status: RunStatus;
  closing: "failed" | "cancelled" | undefined;
  /** Since when, ms since the epoch. */
  closingSince: number | undefined;
  /** Why the run failed or is failing. */
  failure: Failure | undefined;
  /** Who cancelled or terminated it, and why. */
  endedBy: { readonly actor: string; readonly reason: string } | undefined;
  /** Its history can't be followed, so it is set aside: what is here is what it was at its last good event. */
  damaged: Damage | undefined;
  /** The code can't decide. */
  stuck: { readonly failure: Failure; readonly since: number } | undefined;
  isCodeInWorkers: boolean;
  awaitedAnswer: AwaitedAnswer | undefined;
  /** Of its code that answered last, where it has a name. */
  build: string | undefined;
  /** The one build of its code that is asked. */
  pinnedTo: string | undefined;
  startedAt: number;
  endedAt: number | undefined;
  updatedAt: number;
  labels: Labels;
  /** Number of the last event. */
  seq: number;
  /** The command that started it. */
  startId: string;
  startedBy: string | undefined;
  input: string;
  output: string | undefined;
  readonly rows: Map<string, TimelineRow>;
  readonly jobOptions: Map<string, JobOptions | undefined>;
  readonly compensations: Map<string, Compensation>;
  readonly actions: Map<string, ActionView>;
}

export interface Damage {
  /** In a sentence without its stop. */
  readonly found: string;
  /** ms since the epoch */
  readonly since: number;
  /** Nothing is wrong but the version of this program: a newer one wrote what can't be read here. */
  readonly isNewer: boolean;
}

/** Where an event stands in its run's history. */
export interface Place {
  readonly seq: number;
  readonly at: number;
  readonly inputId: string;
}

/** One run's part of a history record, as it is folded and stored. */
export interface Step {
  /** Number of the first event. */
  readonly seq: number;
  readonly at: number;
  readonly inputId: string;
  readonly events: readonly RunEvent[];
}

export function emptyFold(runId: string, partition: number): RunFold {
  return {
    runId,
    partition,
    workflow: "",
    status: "running",
    closing: undefined,
    closingSince: undefined,
    failure: undefined,
    endedBy: undefined,
    damaged: undefined,
    stuck: undefined,
    isCodeInWorkers: false,
    awaitedAnswer: undefined,
    build: undefined,
    pinnedTo: undefined,
    startedAt: 0,
    endedAt: undefined,
    updatedAt: 0,
    labels: {},
    seq: 0,
    startId: "",
    startedBy: undefined,
    input: "null",
    output: undefined,
    rows: new Map(),
    jobOptions: new Map(),
    compensations: new Map(),
    actions: new Map(),
  };
}

/** @param onEvent called after each event, with the state that it led to */
export function foldStep(
  run: RunFold,
  step: Step,
  onEvent?: (event: RunEvent, place: Place, run: RunFold) => void,
): void {
  let seq = step.seq;
  for (const event of step.events) {
    const place: Place = { seq, at: step.at, inputId: step.inputId };
    foldEvent(run, event, place);
    onEvent?.(event, place, run);
    seq++;
  }
  settleResumes(run, step.at);
}

function foldEvent(run: RunFold, event: RunEvent, place: Place): void {
  run.seq = place.seq;
  run.updatedAt = place.at;
  foldRun(run, event, place);
  // Before the job: the outcome of a retry is read from the state that it ends.
  foldAction(run, event, place);
  foldJob(run, event, place);
  foldWait(run, event, place);
  foldAwaitedAnswer(run, event, place);
  foldCompensation(run, event, place);
  if (run.status !== "running" && (isEnd(event) || event.type === "RunRepaired")) abandonOpenRows(run, place);
}

function foldRun(run: RunFold, event: RunEvent, { at, inputId }: Place): void {
  switch (event.type) {
    case "RunStarted":
      run.workflow = event.workflow;
      run.startedAt = at;
      run.startId = inputId;
      run.startedBy = event.startedBy;
      run.input = event.input;
      run.labels = event.labels ?? {};
      return;
    case "LabelsSet":
      run.labels = { ...run.labels, ...event.labels };
      return;
    case "RunFailing":
      run.closing = "failed";
      run.closingSince = at;
      run.failure = event.failure;
      return;
    case "RunCancelRequested":
      run.closing = "cancelled";
      run.closingSince = at;
      run.stuck = undefined;
      run.endedBy = { actor: event.action.actor, reason: event.action.reason };
      return;
    case "RunStuck":
      run.stuck = { failure: event.failure, since: at };
      return;
    case "RunResumed":
      run.stuck = undefined;
      run.pinnedTo = undefined;
      return;
    case "CodeAnswered":
      run.build = event.build;
      if (event.versioning === "pinned") run.pinnedTo = event.build;
      return;
    case "RunRepaired":
      run.damaged = undefined;
      if (event.outcome === "cut" || run.status !== "running") return;
      run.endedBy = { actor: event.action.actor, reason: event.action.reason };
      return end(run, "terminated", at);
    case "RunCompleted":
      run.output = event.output;
      return end(run, "completed", at);
    case "RunFailed":
      run.failure = event.failure;
      return end(run, "failed", at);
    case "RunCancelled":
      run.failure = event.failure;
      return end(run, "cancelled", at);
    case "RunTerminated":
      run.endedBy = { actor: event.action.actor, reason: event.action.reason };
      return end(run, "terminated", at);
    default:
  }
}

function end(run: RunFold, status: RunStatus, at: number): void {
  run.status = status;
  run.endedAt = at;
  run.stuck = undefined;
}

/** For the rule that says what can follow. */
export function standingOfFold(run: RunFold): Standing {
  return {
    seq: run.seq,
    isOpen: run.seq > 0 && run.status === "running",
    isSetAside: run.damaged !== undefined,
    closedAt: run.damaged === undefined ? run.endedAt : undefined,
    hasOpenJob(jobId) {
      const row = run.rows.get(jobId);
      return row?.kind === "job" && row.to === undefined;
    },
  };
}

/** Number of the last event of steps in their order; 0 when there are none. */
export function lastSeq(steps: readonly Step[]): number {
  const last = steps.at(-1);
  return last === undefined ? 0 : last.seq + last.events.length - 1;
}

export function isEnd(event: RunEvent): boolean {
  switch (event.type) {
    case "RunCompleted":
    case "RunFailed":
    case "RunCancelled":
    case "RunTerminated":
      return true;
    default:
      return false;
  }
}

/** The run is over with jobs under way and waits open: nothing more will come of them. */
function abandonOpenRows(run: RunFold, { at, seq }: Place): void {
  for (const [rowId, row] of run.rows) {
    if (row.to !== undefined) continue;
    const over = { to: at, lastSeq: seq };
    if (row.kind === "job") run.rows.set(rowId, { ...row, ...over, status: "abandoned" });
    else if (row.kind === "timer") run.rows.set(rowId, { ...row, ...over, status: "cancelled" });
    else if (row.status === "awaited") run.rows.set(rowId, { ...row, ...over, status: "ended" });
  }
}

/** Forgets the rows that are over: what is left says what an open run is about, and folds on correctly. */
export function dropFinishedRows(run: RunFold): void {
  for (const [rowId, row] of run.rows) {
    if (row.to === undefined) continue;
    run.rows.delete(rowId);
    run.jobOptions.delete(rowId);
  }
}
