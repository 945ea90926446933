import { type Deadline, deadlineOf, dueAtOf } from "../job/deadline.ts";
import type { OpenJob } from "../job/state.ts";
import {
  entries,
  first,
  get,
  keys,
  type OrderedMap,
  put,
  putInto,
  remove,
  removeFrom,
} from "../ordered-map.ts";
import type { AskedCode, Delegated, OpenRun, OpenTimer } from "./state.ts";

/** Rule 21. How long after a timer is due its wake-up message may still come before the owner fires it by itself. */
export const wakeUpGraceMs = 1_000;

/** When time alone will next do something to the run, ms since the epoch. */
export function earliestDeadline(run: OpenRun): number | undefined {
  return run.unfinished === true ? run.lastAt : first(run.due)?.key;
}

/** What time alone will have brought about by then, the earliest first. */
export function deadlines(run: OpenRun, until = Number.POSITIVE_INFINITY): Deadline[] {
  const all: Deadline[] = [];
  if (run.unfinished === true) {
    // Rule 13: before anything else that time brings about.
    const commandId = `deadline/${run.runId}/finish/${run.seq}`;
    all.push({ dueAt: run.lastAt, command: { type: "FinishStep", commandId, runId: run.runId } });
  }
  for (const { key: dueAt, value: ids } of entries(run.due)) {
    if (dueAt > until) break;
    for (const id of keys(ids)) {
      if (id === questionId) all.push(...questionDeadline(run, dueAt));
      const job = get(run.jobs, id);
      const deadline = job === undefined ? undefined : deadlineOf(run.runId, job);
      if (deadline !== undefined) all.push(deadline);
    }
    for (const timer of timersAmong(run, ids)) all.push(timerDeadline(run.runId, timer, dueAt));
  }
  return all;
}

function timerDeadline(runId: string, { timerId, generation }: NamedTimer, dueAt: number): Deadline {
  const commandId = `deadline/${runId}/${timerId}/${generation}`;
  return { dueAt, command: { type: "FireTimer", commandId, runId, timerId, generation } };
}

type NamedTimer = OpenTimer & { readonly timerId: string };

/** Rule 23. In the order in which they fire: by the time at which they are due, then as they were set. */
export function* timersInOrder(run: OpenRun): Generator<NamedTimer, void> {
  for (const { value: ids } of entries(run.due)) yield* timersAmong(run, ids);
}

function timersAmong(run: OpenRun, ids: OrderedMap<string, true>): NamedTimer[] {
  const timers: NamedTimer[] = [];
  for (const timerId of keys(ids)) {
    const timer = get(run.timers, timerId);
    if (timer !== undefined) timers.push({ timerId, ...timer });
  }
  return timers.sort((a, b) => a.seq - b.seq);
}

/** The run with the job as it is now, and its deadline where the job has one. */
export function withJob(run: OpenRun, job: OpenJob): OpenRun {
  const before = get(run.jobs, job.jobId);
  const wasDue = before === undefined ? undefined : dueAtOf(before);
  const due = moved(run.due, job.jobId, wasDue, dueAtOf(job));
  return { ...run, jobs: put(run.jobs, job.jobId, job), due };
}

export function withoutJob(run: OpenRun, job: OpenJob): OpenRun {
  const due = moved(run.due, job.jobId, dueAtOf(job), undefined);
  return { ...run, jobs: remove(run.jobs, job.jobId), due };
}

export function withTimer(run: OpenRun, timerId: string, timer: OpenTimer): OpenRun {
  const due = moved(run.due, timerId, dueAtOfTimer(get(run.timers, timerId)), dueAtOfTimer(timer));
  return { ...run, timers: put(run.timers, timerId, timer), due };
}

export function withoutTimer(run: OpenRun, timerId: string): OpenRun {
  const due = moved(run.due, timerId, dueAtOfTimer(get(run.timers, timerId)), undefined);
  return { ...run, timers: remove(run.timers, timerId), due };
}

export type DelegatedRun = OpenRun & { readonly delegated: Delegated };

/** The run with the question that is out, and its deadline; `undefined` for none. */
export function withAsked(run: OpenRun, asked: AskedCode | undefined): DelegatedRun {
  const { asked: before, ...delegated } = run.delegated ?? {};
  const due = moved(run.due, questionId, dueAtOfQuestion(before), dueAtOfQuestion(asked));
  return { ...run, due, delegated: { ...delegated, ...(asked !== undefined && { asked }) } };
}

function questionDeadline(run: OpenRun, dueAt: number): Deadline[] {
  const { runId, delegated } = run;
  if (delegated?.asked === undefined) return [];
  const { upTo, attempt } = delegated.asked;
  const commandId = `deadline/${runId}/question/${upTo}/${attempt}`;
  return [{ dueAt, command: { type: "AskAgain", commandId, runId, upTo, attempt, because: "noAnswer" } }];
}

const firstAnswerMs = 30_000;
const longestAnswerMs = 3_600_000;

function dueAtOfQuestion(asked: AskedCode | undefined): number | undefined {
  return asked === undefined ? undefined : answerDueAt(asked);
}

/** Rule 34. Until when the question waits for its answer, ms since the epoch. */
export function answerDueAt({ at, silences = 0, notBefore = at }: AskedCode): number {
  return notBefore + Math.min(firstAnswerMs * 2 ** silences, longestAnswerMs);
}

/** Among the ids of jobs and timers, which begin with a letter. */
const questionId = "?";

function dueAtOfTimer(timer: OpenTimer | undefined): number | undefined {
  return timer === undefined ? undefined : timer.dueAt + wakeUpGraceMs;
}

function moved(
  due: OpenRun["due"],
  id: string,
  from: number | undefined,
  to: number | undefined,
): OpenRun["due"] {
  if (from === to) return due;
  const without = from === undefined ? due : removeFrom(due, from, id);
  return to === undefined ? without : putInto(without, to, id, true);
}
