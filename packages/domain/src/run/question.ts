import { accepted, ignored, type Outcome } from "../outcome.ts";
import type { AnyRunCommand } from "./commands.ts";
import { answerDueAt, withAsked } from "./deadlines.ts";
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
 * Q4. Signals that come while a question is out are handed over with the answer: the code may want the wait for them no more.
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
  if (state.status !== "running") return [];
  const { runId, workflow, delegated } = state;
  const { asked, answered } = delegated ?? {};
  if (asked === undefined) return [];
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
    },
  ];
}

export function isAnswer(state: RunState, { upTo }: { readonly upTo: number }): boolean {
  return state.status === "running" && state.delegated?.asked?.upTo === upTo;
}

export function answered(command: Extract<AnyRunCommand, { type: "AnswerQuestion" }>): RunEvent {
  const { upTo, answerId, worker, build, left } = command;
  return {
    type: "CodeAnswered",
    upTo,
    answerId,
    ...(worker !== undefined && { worker }),
    ...(build !== undefined && { build }),
    ...(left !== undefined && { left }),
  };
}

/** So often a question is put to those who are there, before the run waits for a person. */
const mostAttempts = 8;

export function askAgain(
  state: RunState,
  command: Extract<AnyRunCommand, { type: "AskAgain" }>,
  at: number,
): Outcome {
  const { upTo, attempt, because } = command;
  if (state.status !== "running") return ignored;
  const asked = state.delegated?.asked;
  if (asked === undefined || asked.upTo !== upTo || asked.attempt !== attempt) return ignored;
  if (because === "noAnswer" && at < answerDueAt(asked)) return ignored;
  const message = command.because === "noAnswer" ? undefined : command.message;
  if (because !== "history" && attempt >= mostAttempts && !isWaitedFor(state, command))
    return accepted(undecided(state, unanswered(state, because, message)));
  return accepted({
    type: "CodeAskedAgain",
    attempt: attempt + 1,
    because,
    ...(message !== undefined && { message }),
  });
}

/** Somebody may come who can answer. A run that is being cancelled is undone without them after a while. */
function isWaitedFor(run: OpenRun, command: Extract<AnyRunCommand, { type: "AskAgain" }>): boolean {
  const isNobodyThere = command.because === "noAnswer" && command.isNobodyThere === true;
  return isNobodyThere && run.closing?.outcome !== "cancelled";
}

function unanswered(run: OpenRun, because: "notMine" | "noAnswer", message: string | undefined) {
  const { workflow } = run;
  if (because === "notMine")
    return {
      kind: "nonDeterminism",
      name: "NonDeterminism",
      message: message ?? `No worker's code of ${workflow} fits the run's history.`,
    } as const;
  return {
    kind: "code",
    name: "NoAnswer",
    message: `What comes next was asked of the workers that host ${workflow} ${mostAttempts} times, and none answered.`,
  } as const;
}

// What events make of it

/** What the code is to be told of. */
export function told(run: OpenRun, event: RunEvent): OpenRun {
  if (run.delegated === undefined) return run;
  switch (event.type) {
    case "RunCancelRequested":
    case "RunRepaired":
      return withNews(withAsked(run, undefined));
    case "RunStuck":
    case "CodeGivenUp":
      return withAsked(run, undefined);
    default:
      return wakesCode(event) ? withNews(run) : run;
  }
}

function withNews(run: OpenRun): OpenRun {
  return { ...run, delegated: { ...run.delegated, hasNews: true } };
}

export function withAnswer(run: OpenRun, { upTo, answerId, left }: EventOf<"CodeAnswered">): OpenRun {
  const heard = withAsked(run, undefined);
  const next = left === undefined ? heard : withNews(heard);
  return { ...next, delegated: { ...next.delegated, answered: { upTo, id: answerId } } };
}

/** @param at ms since the epoch */
export function askedAgain(
  run: OpenRun,
  { attempt, because }: EventOf<"CodeAskedAgain">,
  at: number,
): OpenRun {
  const upTo = run.delegated?.asked?.upTo ?? run.seq;
  return withAsked(run, {
    upTo,
    attempt,
    at,
    ...(because !== "unfinished" && { isWhole: true }),
    ...(because === "notMine" && { notBefore: at + Math.min(250 * 2 ** attempt, 30_000) }),
  });
}
