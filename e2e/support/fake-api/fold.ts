import type {
  ActionView,
  AttemptView,
  EventView,
  JobRow,
  LedgerEntry,
  RunSummary,
  ShownStatus,
  SignalRow,
  TimelineRow,
  TimerRow,
} from "@downbeat/api/views";
import type { Action, Failure, RunEvent } from "@downbeat/domain";
import type { Story } from "./story.ts";

type Loose<T> = { -readonly [K in keyof T]: T[K] };

export interface Folded {
  readonly summary: RunSummary;
  readonly input: string;
  readonly output?: string;
  readonly rows: readonly TimelineRow[];
  readonly ledger: readonly LedgerEntry[];
  readonly actions: readonly ActionView[];
  readonly events: readonly EventView[];
  readonly awaitedSignals: readonly {
    readonly waitId: string;
    readonly name: string;
    readonly since: number;
    readonly until?: number;
  }[];
}

/** What a page sees of a story at a time. A stand-in for the projection, good enough to look at. */
export function foldStory(story: Story, now: number): Folded {
  const rows = new Map<string, Loose<JobRow> | Loose<TimerRow> | Loose<SignalRow>>();
  const ledger = new Map<string, Loose<LedgerEntry>>();
  const actions = new Map<string, ActionView>();
  const events: EventView[] = [];
  let shown = "running" as ShownStatus;
  let status = "running" as RunSummary["status"];
  let closing: RunSummary["closing"];
  let failure: Failure | undefined;
  let codeStuck: Failure | undefined;
  let input = "null";
  let output: string | undefined;
  let endedAt: number | undefined;

  const job = (jobId: string) => rows.get(jobId) as Loose<JobRow>;
  const attempt = (jobId: string, number: number) =>
    job(jobId).attempts.find((each) => each.attempt === number) as Loose<AttemptView>;
  const end = (id: string, at: number) => {
    const row = rows.get(id);
    if (row) row.to = at;
  };
  const endAttempt = (
    jobId: string,
    number: number,
    at: number,
    outcome: NonNullable<AttemptView["outcome"]>,
    event: { startedAt?: number; worker?: string; failure?: Failure },
  ) => {
    const one = attempt(jobId, number);
    if (!one) return;
    one.endedAt = at;
    one.outcome = outcome;
    if (event.startedAt !== undefined) one.startedAt = event.startedAt;
    if (event.worker !== undefined) one.worker = event.worker;
    if (event.failure !== undefined) one.failure = event.failure;
  };
  const act = (
    action: Action | undefined,
    verb: ActionView["verb"],
    at: number,
    outcome: ActionView["outcome"],
    jobId?: string,
  ) => {
    if (action)
      actions.set(action.actionId, {
        ...action,
        verb,
        at,
        runId: story.runId,
        outcome,
        ...(jobId ? { jobId } : {}),
      });
  };
  const settleRetry = (jobId: string, outcome: ActionView["outcome"]) => {
    for (const [id, action] of actions)
      if (action.jobId === jobId && action.outcome.type === "inProgress")
        actions.set(id, { ...action, outcome });
  };

  const visible = story.events.filter(({ at }) => at <= now);
  visible.forEach(({ at, event, inputId }, index) => {
    const seq = index + 1;
    const rowId = rowOf(event);
    events.push({ seq, at, inputId, event, sentence: sentenceOf(event, rows), ...(rowId ? { rowId } : {}) });
    switch (event.type) {
      case "RunStarted":
        input = event.input;
        break;
      case "RunCompleted":
        status = shown = "completed";
        output = event.output;
        endedAt = at;
        break;
      case "RunFailing":
        closing = "failed";
        failure = event.failure;
        break;
      case "RunFailed":
        status = shown = "failed";
        failure = event.failure;
        endedAt = at;
        break;
      case "RunCancelRequested":
        closing = "cancelled";
        act(event.action, "cancelRun", at, { type: "accepted" });
        break;
      case "RunCancelled":
        status = shown = "cancelled";
        endedAt = at;
        break;
      case "RunTerminated":
        status = shown = "terminated";
        endedAt = at;
        act(event.action, "terminateRun", at, { type: "accepted" });
        for (const row of rows.values())
          if (row.to === undefined) {
            row.to = at;
            if (row.kind === "job") row.status = "abandoned";
          }
        break;
      case "RunStuck":
        codeStuck = event.failure;
        break;
      case "RunResumed":
        codeStuck = undefined;
        act(event.action, "resumeRun", at, { type: "accepted" });
        break;
      case "JobScheduled": {
        const entry = event.compensationId === undefined ? undefined : ledger.get(event.compensationId);
        if (entry) entry.status = "undoing";
        rows.set(event.jobId, {
          kind: "job",
          rowId: event.jobId,
          jobId: event.jobId,
          jobType: event.jobType,
          status: "scheduled",
          attempts: [],
          input: event.input,
          maxAttempts: 5,
          from: at,
          firstSeq: seq,
          lastSeq: seq,
          ...(event.compensationId ? { compensationId: event.compensationId } : {}),
          ...(entry?.undoes ? { undoes: entry.undoes } : {}),
        });
        break;
      }
      case "AttemptRequested":
        job(event.jobId).attempts = [
          ...job(event.jobId).attempts,
          { attempt: event.attempt, requestedAt: at },
        ];
        job(event.jobId).status = "scheduled";
        delete job(event.jobId).retryAt;
        break;
      case "AttemptStarted": {
        const one = attempt(event.jobId, event.attempt);
        one.startedAt = event.startedAt;
        one.worker = event.worker;
        job(event.jobId).status = "running";
        break;
      }
      case "AttemptFailed":
        endAttempt(
          event.jobId,
          event.attempt,
          at,
          event.failure.kind === "timeout" ? "timedOut" : "failed",
          event,
        );
        job(event.jobId).status = "backingOff";
        job(event.jobId).failure = event.failure;
        if (event.retryAt !== undefined) job(event.jobId).retryAt = event.retryAt;
        break;
      case "JobCompleted":
        if (event.attempt !== undefined) endAttempt(event.jobId, event.attempt, at, "completed", event);
        job(event.jobId).status = "completed";
        job(event.jobId).output = event.output;
        delete job(event.jobId).failure;
        end(event.jobId, at);
        if (event.action) job(event.jobId).endedBy = event.action.actor;
        act(event.action, "completeJob", at, { type: "accepted" }, event.jobId);
        settleRetry(event.jobId, { type: "recovered", at });
        for (const entry of ledger.values())
          if (entry.compensationId === job(event.jobId).compensationId) entry.status = "undone";
        break;
      case "JobRejected":
        endAttempt(event.jobId, event.attempt, at, "rejected", event);
        job(event.jobId).status = "rejected";
        job(event.jobId).failure = event.failure;
        end(event.jobId, at);
        break;
      case "JobStuck":
        job(event.jobId).status = "stuck";
        job(event.jobId).failure = event.failure;
        settleRetry(event.jobId, { type: "failedAgain", at, failure: event.failure });
        break;
      case "JobCancelled":
        job(event.jobId).status = "cancelled";
        if (event.action) job(event.jobId).endedBy = event.action.actor;
        end(event.jobId, at);
        act(event.action, "cancelJob", at, { type: "accepted" }, event.jobId);
        break;
      case "JobRetried":
        act(event.action, "retryJob", at, { type: "inProgress" }, event.jobId);
        if (event.input !== undefined) job(event.jobId).input = event.input;
        break;
      case "BackOffSkipped":
        act(event.action, "runJobNow", at, { type: "accepted" }, event.jobId);
        break;
      case "TimerSet":
        if (event.waitId === undefined)
          rows.set(event.timerId, {
            kind: "timer",
            rowId: event.timerId,
            timerId: event.timerId,
            status: "waiting",
            dueAt: event.dueAt,
            from: at,
            firstSeq: seq,
            lastSeq: seq,
          });
        else {
          const wait = rows.get(event.waitId);
          if (wait?.kind === "signal") wait.dueAt = event.dueAt;
        }
        break;
      case "TimerCancelled": {
        const timer = rows.get(event.timerId);
        if (timer?.kind === "timer") timer.status = "cancelled";
        end(event.timerId, at);
        break;
      }
      case "JobAbandoned":
        job(event.jobId).status = "abandoned";
        end(event.jobId, at);
        break;
      case "SignalWaitAbandoned": {
        const wait = rows.get(event.waitId);
        if (wait?.kind === "signal") wait.status = "ended";
        end(event.waitId, at);
        break;
      }
      case "TimerPostponed": {
        const postponed = rows.get(event.timerId);
        if (postponed?.kind === "timer" || postponed?.kind === "signal") postponed.dueAt = event.dueAt;
        act(event.action, "postponeTimer", at, { type: "accepted" });
        break;
      }
      case "RetryPostponed":
        job(event.jobId).retryAt = event.retryAt;
        act(event.action, "postponeRetry", at, { type: "accepted" }, event.jobId);
        break;
      case "TimerFired": {
        act(event.action, "fireTimer", at, { type: "accepted" });
        const timer = rows.get(event.timerId);
        if (timer?.kind === "timer") timer.status = "fired";
        end(event.timerId, at);
        break;
      }
      case "SignalAwaited":
        rows.set(event.waitId, {
          kind: "signal",
          rowId: event.waitId,
          name: event.name,
          status: "awaited",
          from: at,
          firstSeq: seq,
          lastSeq: seq,
        });
        break;
      case "SignalReceived":
        for (const row of rows.values())
          if (row.kind === "signal" && row.status === "awaited" && row.name === event.name) {
            row.receivedAt = at;
            row.payload = event.payload;
            if (event.actor) row.actor = event.actor;
          }
        break;
      case "SignalDelivered": {
        const wait = rows.get(event.waitId);
        if (wait?.kind === "signal") wait.status = "delivered";
        end(event.waitId, at);
        break;
      }
      case "CompensationRegistered":
        ledger.set(event.compensationId, {
          compensationId: event.compensationId,
          jobType: event.jobType,
          registeredAt: at,
          status: "registered",
          ...(event.undoes ? { undoes: event.undoes } : {}),
        });
        break;
      case "CommandRefused":
        act(
          event.action,
          "retryJob",
          at,
          { type: "refused", code: event.code, message: event.message },
          event.jobId,
        );
        break;
    }
    const row = rowId === undefined ? undefined : rows.get(rowId);
    if (row) row.lastSeq = seq;
  });

  const all = [...rows.values()];
  if (status === "running") {
    if (codeStuck || all.some((row) => row.kind === "job" && row.status === "stuck")) shown = "stuck";
    else if (
      !all.some(
        (row) =>
          row.kind === "job" &&
          (row.status === "running" || (row.status === "scheduled" && now - row.from < 3_000)),
      )
    )
      shown = "waiting";
  } else if (status === "failed") {
    for (const entry of ledger.values()) if (entry.status === "registered") entry.status = "owed";
  }
  const why =
    status === "completed"
      ? undefined
      : whyOf(all, codeStuck, failure, status, visible.at(-1)?.at ?? now, now);
  const entries = [...ledger.values()];
  const undone = entries.filter((entry) => entry.status === "undone").length;
  const owed =
    closing === undefined || status !== "running"
      ? entries.filter((entry) => entry.status === "owed").length
      : entries.length - undone;
  const startedAt = story.events[0]?.at ?? now;
  return {
    summary: {
      runId: story.runId,
      workflow: story.workflow,
      status,
      shown,
      startedAt,
      updatedAt: visible.at(-1)?.at ?? startedAt,
      labels: story.labels,
      seq: visible.length,
      partition: story.runId.length % 4,
      ...(closing && status === "running" ? { closing } : {}),
      ...(endedAt === undefined ? {} : { endedAt }),
      ...(why === undefined ? {} : { why }),
      ...((codeStuck ?? failure) ? { failure: (codeStuck ?? failure) as Failure } : {}),
      ...(closing ? { compensations: { undone, owed, failed: 0 } } : {}),
    },
    input,
    rows: all,
    ledger: entries,
    actions: [...actions.values()],
    events,
    ...(output === undefined ? {} : { output }),
    awaitedSignals: all.flatMap((row) =>
      row.kind === "signal" && row.status === "awaited"
        ? [
            {
              waitId: row.rowId,
              name: row.name,
              since: row.from,
              ...(row.dueAt === undefined ? {} : { until: row.dueAt }),
            },
          ]
        : [],
    ),
  };
}

function whyOf(
  rows: readonly TimelineRow[],
  codeStuck: Failure | undefined,
  failure: Failure | undefined,
  status: string,
  lastAt: number,
  now: number,
): string | undefined {
  const clock = (at: number) => new Date(at).toISOString().slice(11, 16);
  if (status === "cancelled") return "Cancelled by a person; everything done was undone.";
  if (status === "terminated") return "Terminated by a person.";
  if (status === "failed") return failure ? `${failure.name}: ${failure.message}` : undefined;
  if (codeStuck) return `Its code can't continue: ${codeStuck.message}`;
  for (const row of rows) {
    if (row.kind === "job" && row.status === "stuck")
      return `Stuck at ${row.jobType} after ${row.attempts.length} attempts: ${row.failure?.message}`;
  }
  for (const row of rows) {
    if (row.kind === "signal" && row.status === "awaited")
      return `Waiting for signal “${row.name}” since ${clock(row.from)}.`;
    if (row.kind === "timer" && row.status === "waiting")
      return `Sleeping until ${new Date(row.dueAt).toISOString().slice(0, 16).replace("T", " ")}.`;
    if (row.kind === "job" && row.status === "backingOff")
      return `${row.jobType} failed ${row.attempts.length} times (${row.failure?.name}); attempt ${row.attempts.length + 1} at ${clock(row.retryAt ?? now)}.`;
    if (row.kind === "job" && row.status === "running")
      return `${row.jobType} runs on ${row.attempts.at(-1)?.worker} since ${clock(lastAt)}.`;
    if (row.kind === "job" && row.status === "scheduled")
      return now - row.from > 3_000
        ? `Waiting for ${row.jobType}: no worker connected since ${clock(row.from - 120_000)}.`
        : `Waiting for ${row.jobType}.`;
  }
  return undefined;
}

function rowOf(event: RunEvent): string | undefined {
  if ("jobId" in event) return event.jobId;
  if (event.type === "TimerSet") return event.waitId ?? event.timerId;
  if ("timerId" in event) return event.timerId;
  if ("waitId" in event) return event.waitId;
  return undefined;
}

function sentenceOf(
  event: RunEvent,
  rows: ReadonlyMap<string, TimelineRow | Loose<JobRow> | Loose<TimerRow> | Loose<SignalRow>>,
): string {
  const name = (jobId: string) => {
    const row = rows.get(jobId);
    return row?.kind === "job" ? row.jobType : jobId;
  };
  switch (event.type) {
    case "RunStarted":
      return `${event.workflow} started${event.startedBy ? ` by ${event.startedBy}` : ""}.`;
    case "LabelsSet":
      return "Labels set.";
    case "VersionRecorded":
      return `Version ${event.version} of ${event.changeId}.`;
    case "RunCompleted":
      return "The run completed.";
    case "RunFailing":
      return `The run is failing: ${event.failure.message}.`;
    case "RunFailed":
      return `The run failed: ${event.failure.message}.`;
    case "RunCancelRequested":
      return `${event.action.actor} asked to cancel the run: ${event.action.reason}.`;
    case "RunCancelled":
      return "The run was cancelled.";
    case "RunTerminated":
      return `${event.action.actor} terminated the run: ${event.action.reason}.`;
    case "RunStuck":
      return `The run's code can't continue: ${event.failure.message}`;
    case "CodeAnswered":
      return `${event.worker}${event.build === undefined ? "" : `, build ${event.build},`} decided what comes next.`;
    case "CodeAskedAgain":
      return "The workers were asked for the next step again.";
    case "CodeGivenUp":
      return `The run's code can't be asked: ${event.failure.message}`;
    case "RunRepaired":
      return `${event.action.actor} had the damaged run repaired: ${event.action.reason}.`;
    case "RunResumed":
      return `${event.action.actor} resumed the run: ${event.action.reason}.`;
    case "JobScheduled":
      return event.compensationId
        ? `${event.jobType} scheduled, to undo what was done.`
        : `${event.jobType} scheduled.`;
    case "AttemptRequested":
      return `Attempt ${event.attempt} of ${name(event.jobId)} requested.`;
    case "AttemptStarted":
      return `Attempt ${event.attempt} of ${name(event.jobId)} started on ${event.worker}.`;
    case "AttemptHeartbeat":
      return `Attempt ${event.attempt} of ${name(event.jobId)} is alive.`;
    case "AttemptFailed":
      return `Attempt ${event.attempt} of ${name(event.jobId)} failed: ${event.failure.message}`;
    case "JobCompleted":
      return event.action
        ? `${event.action.actor} completed ${name(event.jobId)} with a value: ${event.action.reason}.`
        : `${name(event.jobId)} completed.`;
    case "JobRejected":
      return `${name(event.jobId)} was refused: ${event.failure.message}.`;
    case "JobStuck":
      return `${name(event.jobId)} is stuck: no attempts are left.`;
    case "JobFailed":
      return `${name(event.jobId)} failed: no attempts are left.`;
    case "JobCancelled":
      return event.action
        ? `${event.action.actor} cancelled ${name(event.jobId)}: ${event.action.reason}.`
        : `${name(event.jobId)} was cancelled.`;
    case "JobAbandoned":
      return `${name(event.jobId)} was abandoned.`;
    case "JobRetried":
      return `${event.action.actor} retried ${name(event.jobId)}: ${event.action.reason}.`;
    case "BackOffSkipped":
      return `${event.action.actor} had ${name(event.jobId)} run now: ${event.action.reason}.`;
    case "TimerSet":
      return `A timer was set for ${new Date(event.dueAt).toISOString().slice(0, 16).replace("T", " ")}.`;
    case "TimerPostponed":
      return `${event.action.actor} postponed the timer: ${event.action.reason}.`;
    case "RetryPostponed":
      return `${event.action.actor} postponed ${name(event.jobId)}: ${event.action.reason}.`;
    case "TimerFired":
      return "The timer fired.";
    case "TimerCancelled":
      return "The timer was cancelled.";
    case "SignalAwaited":
      return `The run waits for signal “${event.name}”.`;
    case "SignalReceived":
      return `Signal “${event.name}” received${event.actor ? ` from ${event.actor}` : ""}.`;
    case "SignalDelivered":
      return "The signal reached the code.";
    case "SignalWaitEnded":
      return event.because === "timeout"
        ? "The wait for the signal timed out."
        : "The wait ended with the run.";
    case "SignalWaitAbandoned":
      return "The workflow stopped waiting for the signal.";
    case "CompensationRegistered":
      return `${event.jobType} registered: it will undo ${event.undoes ? name(event.undoes) : "what was done"}.`;
    case "CommandRefused":
      return `${event.command} was refused: ${event.message}`;
  }
}
