import { type Failure, failureWords } from "@downbeat/domain";
import type { Declined } from "../fold/awaited-answer.ts";
import type { Damage } from "../fold/run-fold.ts";
import { elapsed as elapsedSince, moment, type Told, tell } from "./told.ts";
import type { Wait, Waits } from "./wait.ts";

/** What the sentence needs to know of a run. */
export interface WhyFacts {
  readonly workflow: string;
  /** When something happened last, ms since the epoch. */
  readonly updatedAt: number;
  readonly status: string;
  readonly closing?: "failed" | "cancelled" | undefined;
  readonly failure?: Failure | undefined;
  readonly endedBy?: { readonly actor: string; readonly reason: string } | undefined;
  readonly damaged?: Damage | undefined;
  readonly waits?: Waits | undefined;
  /** The one build of its code that is asked. */
  readonly pinnedTo?: string | undefined;
  /** Since when workers are to say what comes next, where nothing else is open, ms since the epoch. */
  readonly askedSince?: number | undefined;
  /** Nobody who was asked can say what comes next. */
  readonly declined?: Declined | undefined;
}

/** One sentence: what an open run waits for and since when, or why a run ended otherwise than it should. */
export function why(run: WhyFacts, now: number): Told | undefined {
  if (run.damaged !== undefined) return tell`${whyDamaged(run.damaged)}`;
  switch (run.status) {
    case "running":
      return whyOpen(run, now);
    case "failed":
      return run.failure === undefined ? undefined : tell`Failed with ${errorWords(run.failure)}`;
    case "cancelled":
      return tell`${byWhom("Cancelled", run.endedBy)}`;
    case "terminated":
      return tell`${byWhom("Terminated", run.endedBy)}`;
    default:
      return undefined;
  }
}

function whyDamaged({ found, isNewer }: Damage): string {
  if (isNewer) return `Newer than this server, which shows it as it was before: ${found}.`;
  return `Set aside, for its history is damaged: ${found}.`;
}

function whyOpen(run: WhyFacts, now: number): Told | undefined {
  const { waits, closing, failure, endedBy } = run;
  const sentence = waits === undefined ? codeSentence(run, now) : waitSentence(waits.first, now);
  if (sentence === undefined) return undefined;
  const more = waits !== undefined && waits.more > 0 ? ` ${waits.more} more open.` : "";
  if (closing === "failed" && failure !== undefined)
    return tell`Failing with ${errorWords(failure)} ${sentence}${more}`;
  if (closing === "cancelled") return tell`${byWhom("Being cancelled", endedBy)} ${sentence}${more}`;
  return tell`${sentence}${more}`;
}

/** Code that is there says what comes next within moments. */
const promptMs = 5_000;

/** Nothing is open: whoever hosts the code is asked what comes next. */
function codeSentence(facts: WhyFacts, now: number): Told | undefined {
  const { workflow, updatedAt, askedSince = updatedAt, pinnedTo, declined } = facts;
  if (declined !== undefined)
    return tell`Waiting ${elapsedSince(declined.since, now)} for code of ${workflow} that can go on. ${ended(declined.reason)}`;
  if (now - askedSince < promptMs) return undefined;
  const elapsed = elapsedSince(askedSince, now);
  if (pinnedTo !== undefined)
    return tell`Waiting ${elapsed} for a worker of build ${pinnedTo} of ${workflow}: the run is pinned to it.`;
  return tell`Waiting ${elapsed} for a worker that hosts ${workflow} to say what comes next.`;
}

function waitSentence(wait: Wait, now: number): Told {
  const elapsed = elapsedSince(wait.since, now);
  switch (wait.on) {
    case "code":
      return tell`Stuck for ${elapsed}: the workflow code failed with ${errorWords(wait.error)}`;
    case "timer":
      return tell`Sleeping until ${moment(wait.until, now)}.`;
    case "signal": {
      const until = wait.until === undefined ? "" : tell`, until ${moment(wait.until, now)} at the latest`;
      return tell`Waiting for signal ${wait.name} since ${moment(wait.since, now)}${until}.`;
    }
    case "job":
      return jobSentence(wait, elapsed, now);
  }
}

function jobSentence(wait: Extract<Wait, { on: "job" }>, elapsed: Told, now: number): Told {
  const { jobType, attempt, maxAttempts, error } = wait;
  const job = wait.undoes === undefined ? jobType : `${jobType} (undoing ${wait.undoes})`;
  const which = attempt > 1 ? `, attempt ${attempt} of ${maxAttempts}` : "";
  switch (wait.status) {
    case "stuck":
      return tell`Stuck for ${elapsed}: ${job} failed ${failedHow(attempt, error)}`;
    case "backingOff": {
      const next = wait.retryAt === undefined ? "" : tell`, next try at ${moment(wait.retryAt, now)}`;
      const failed = error === undefined ? "failed" : `failed with ${error.name}`;
      return tell`Waiting ${elapsed} for ${job}: attempt ${attempt} of ${maxAttempts} ${failed}${next}.`;
    }
    case "running": {
      const by = wait.worker === undefined ? "" : ` on ${wait.worker}`;
      return tell`${job} has been running for ${elapsed}${by}${which}.`;
    }
    case "scheduled":
      if (attempt === 0)
        return tell`${job} waits until the worker of a cancelled job has ended, for ${elapsed} now.`;
      return tell`Waiting ${elapsed} for ${job}${which}.`;
  }
}

function failedHow(attempt: number, error: Parameters<typeof errorWords>[0] | undefined): string {
  if (attempt === 1) return error === undefined ? "once." : `with ${errorWords(error)}`;
  return `${attempt} times${error === undefined ? "." : `, last with ${errorWords(error)}`}`;
}

/** For a run whose most urgent wait is an attempt that nobody can take. */
export function whyNoWorker(jobType: string, since: number, now: number): Told {
  return tell`Waiting ${elapsedSince(since, now)} for ${jobType}: no worker that does it is connected.`;
}

function errorWords(error: Pick<Failure, "name" | "message" | "causes">): string {
  return ended(failureWords(error));
}

function byWhom(what: string, who: WhyFacts["endedBy"]): string {
  if (who === undefined) return `${what}.`;
  return ended(who.reason === "" ? `${what} by ${who.actor}` : `${what} by ${who.actor}: ${who.reason}`);
}

function ended(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
