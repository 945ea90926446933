import { hashString } from "../hash.ts";
import { accepted, ignored, type Outcome } from "../outcome.ts";
import {
  askedElsewhere,
  boundTo,
  buildGone,
  declinedBy,
  isAsking,
  isBuildGone,
  nobodysCode,
  type PresentBuilds,
  released,
} from "./builds.ts";
import type { AnyRunCommand } from "./commands.ts";
import { answerDueAt, type DelegatedRun, withAsked } from "./deadlines.ts";
import type { AskCode } from "./effects.ts";
import type { EventOf, RunEvent } from "./events.ts";
import type { OpenRun, RunState } from "./state.ts";
import { undecided } from "./undecided.ts";
import { wakesCode } from "./wakes-code.ts";

/**
 * Questions to code that lives in workers (design §7a).
 *
 * Q1. What happened is recorded first: a question is an effect of accepted records, and says up to which event it tells (`upTo`).
 * Q2. At most one is out for a run. What happens meanwhile makes the next one, once the answer is in; a cancel and a repair put another one in its place.
 * Q3. Only an answer to the question that is out counts, and the first one that comes.
 * Q4. A question that workers end with is put to others after a while, and not forever. One of a run that is over is not carried out when it comes back. Where the log forgets
 *     who had what, it is put again with a mark, at once, to a worker that is there; only what comes back so marked is counted.
 * Q5. Signals that come while a question is out are handed over with the answer: the code may want the wait for them no more.
 */

/** Of a run whose code has been told nothing of what happened last: after the last event of a decision. */
export function ask(run: OpenRun): OpenRun {
  const { delegated, stuck, codeGivenUp, unfinished, seq, lastAt } = run;
  if (delegated?.hasNews !== true || delegated.asked !== undefined) return run;
  if (stuck !== undefined || codeGivenUp !== undefined || unfinished === true) return run;
  const { hasNews: _, ...heard } = delegated;
  return withAsked({ ...run, delegated: heard }, { upTo: seq, attempt: 1, at: lastAt });
}

/** The question that is out. */
export function question(state: RunState): readonly AskCode[] {
  if (!isAsking(state)) return [];
  const { runId, workflow, delegated } = state;
  const { asked, answered, build, isPinned, turn } = delegated;
  const { upTo, attempt, isWhole, notBefore } = asked;
  const continues = isWhole === true ? undefined : answered;
  return [
    {
      type: "AskCode",
      runId,
      workflow,
      upTo,
      attempt,
      ...(continues !== undefined && { continues }),
      ...(notBefore !== undefined && { notBefore }),
      ...(build !== undefined && { build }),
      ...(isPinned !== undefined && { isPinned }),
      ...(turn !== undefined && { turn }),
    },
  ];
}

export function answer(
  state: RunState,
  { upTo, answerId, worker, build, left, versioning }: Extract<AnyRunCommand, { type: "AnswerQuestion" }>,
): Outcome {
  // Rule 30: a second or a late answer would be a second way for the run to go on.
  if (!isAsking(state) || state.delegated.asked.upTo !== upTo) return ignored;
  const isNews = versioning !== undefined && build !== undefined && state.delegated.isPinned !== true;
  return accepted({
    type: "CodeAnswered",
    upTo,
    answerId,
    ...(worker !== undefined && { worker }),
    ...(build !== undefined && { build }),
    ...(left !== undefined && { left }),
    ...(isNews && { versioning }),
  });
}

/** Rule 40. So often a question comes to workers that end with it in hand, before the run waits for a person. */
const mostEnds = 4;

/** Rule 34. So often a question is put in vain to those who are there, before the run waits for a person. */
const mostSilences = 8;

export function askAgain(
  state: RunState,
  command: Extract<AnyRunCommand, { type: "AskAgain" }>,
  at: number,
  known?: PresentBuilds,
): Outcome {
  const present = known ?? [];
  const { upTo, attempt, because } = command;
  if (!isAsking(state)) return ignored;
  const { asked } = state.delegated;
  if (asked.upTo !== upTo || asked.attempt !== attempt) return ignored;
  if (because === "noAnswer" && at < answerDueAt(asked)) return ignored;
  if (command.because === "notMine") {
    const elsewhere = askedElsewhere(state, command, at, known);
    return accepted(elsewhere ?? undecided(state, nobodysCode(state, command, present)));
  }
  if (because === "noAnswer") {
    const times = (asked.silences ?? 0) + 1;
    if (isBuildGone(state, times, known)) return accepted(undecided(state, buildGone(state)));
    // Somebody may come who can answer. A run that is being cancelled is undone without them after a while.
    const isWaitedFor = present.length === 0 && state.closing?.outcome !== "cancelled";
    if (times >= mostSilences && !isWaitedFor) return accepted(undecided(state, noAnswer(state)));
  }
  if (command.because === "workerEnded") {
    const again = { type: "CodeAskedAgain", attempt: attempt + 1, because } as const;
    if (command.ended === "begins")
      return asked.begins === true ? ignored : accepted({ ...again, ended: "begins" });
    if (command.ended === "maybe" && asked.begins !== true)
      return accepted({ ...again, ended: asked.ends === undefined ? "begins" : "maybe" });
    if ((asked.ends ?? 0) + 1 >= mostEnds) return accepted(undecided(state, workersEnded(state)));
  }
  return accepted({ type: "CodeAskedAgain", attempt: attempt + 1, because });
}

function workersEnded({ workflow }: OpenRun) {
  return {
    kind: "code",
    name: "WorkerEnded",
    message: `What comes next was asked of workers that host ${workflow}, and one after another ended while it was at this, or lost its connection. See why they ended; resume the run when that is mended.`,
  } as const;
}

/**
 * Until when a question is held back with which a worker ended. Which of those that it had in hand made it end is not known: each comes at a time of its
 * own, so that the next end has fewer of them around.
 */
function heldBackUntil(runId: string, ends: number, attempt: number, at: number): number {
  // Rule 41: each at a time of its own, so that the deadly one is found.
  const ms = 500 * 2 ** ends;
  return at + ms + (hashString(`${runId}/${attempt}`) % (2 * ms));
}

function noAnswer({ workflow }: OpenRun) {
  return {
    kind: "code",
    name: "NoAnswer",
    message: `What comes next was asked of the workers that host ${workflow} ${mostSilences} times, and none answered.`,
  } as const;
}

// What events make of it

/** Rule 31. What the code is to be told of. */
export function told(run: OpenRun, event: RunEvent): OpenRun {
  if (run.delegated === undefined) return run;
  switch (event.type) {
    case "RunCancelRequested":
    case "RunRepaired":
      return withNews(withAsked(run, undefined));
    case "RunResumed":
      return withNews({ ...run, delegated: released(run.delegated) });
    case "RunStuck":
    case "CodeGivenUp":
      return withAsked(run, undefined);
    default:
      return wakesCode(event) ? withNews(run) : run;
  }
}

function withNews(run: OpenRun): DelegatedRun {
  return { ...run, delegated: { ...run.delegated, hasNews: true } };
}

export function withAnswer(run: OpenRun, event: EventOf<"CodeAnswered">): OpenRun {
  const { upTo, answerId, left, build } = event;
  const heard = withAsked(run, undefined);
  const next = left === undefined ? heard : withNews(heard);
  const answered = { upTo, id: answerId, ...(build !== undefined && { build }) };
  return { ...next, delegated: { ...boundTo(next.delegated, event), answered } };
}

/** @param at ms since the epoch */
export function askedAgain(run: OpenRun, event: EventOf<"CodeAskedAgain">, at: number): OpenRun {
  const { attempt, because } = event;
  const before = run.delegated?.asked;
  const silences = (before?.silences ?? 0) + (because === "noAnswer" ? 1 : 0);
  // Rule 42: without a mark it only may have been in hand, and a restart of all workers must not count against it.
  const isEnd = because === "workerEnded" && event.ended === undefined;
  const ends = (before?.ends ?? 0) + (isEnd ? 1 : 0);
  const begins = event.ended === "begins" || (before?.begins === true && !isEnd);
  const asked = {
    upTo: before?.upTo ?? run.seq,
    attempt,
    at,
    ...(because !== "unfinished" && { isWhole: true as const }),
    ...(before?.declined !== undefined && { declined: before.declined }),
    ...((before?.passesOver === true || event.untaken === "passedOver") && { passesOver: true as const }),
    ...(silences > 0 && { silences }),
    ...(ends > 0 && { ends }),
    ...(begins && { begins: true as const }),
    ...(isEnd && { notBefore: heldBackUntil(run.runId, ends, attempt, at) }),
    ...(event.ended === "maybe" && { notBefore: heldBackUntil(run.runId, 1, attempt, at) }),
  };
  if (because !== "notMine") return withAsked(run, asked);
  const elsewhere = declinedBy(run.delegated ?? {}, event, at);
  return withAsked({ ...run, delegated: elsewhere.delegated }, { ...asked, ...elsewhere.asked });
}
