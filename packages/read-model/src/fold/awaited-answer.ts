import { type EventOf, type RunEvent, wakesCode } from "@downbeat/domain";
import type { Place, RunFold } from "./run-fold.ts";

/** Code that lives in workers is asked what comes next. */
export interface AwaitedAnswer {
  /** ms since the epoch: of what it has not been told, when the first happened. */
  readonly since: number;
  /** What it has not been told happened last with this event, at this time. */
  readonly last: { readonly seq: number; readonly at: number };
  /** Why whoever was asked last can't say, and since when nobody could. */
  readonly declined?: Declined;
}

export interface Declined {
  readonly reason: string;
  /** ms since the epoch */
  readonly since: number;
}

const longestReason = 1_000;

export function foldAwaitedAnswer(run: RunFold, event: RunEvent, { seq, at }: Place): void {
  if (event.type === "RunStarted") run.isCodeInWorkers = event.codeIn === "workers";
  if (!run.isCodeInWorkers) return;
  const awaited = run.awaitedAnswer;
  switch (event.type) {
    case "CodeAnswered":
      // The rest of what it wants is still to be asked for.
      if (event.left !== undefined) {
        run.awaitedAnswer = { since: at, last: { seq, at } };
        return;
      }
      run.awaitedAnswer =
        awaited === undefined || awaited.last.seq <= event.upTo
          ? undefined
          : { since: awaited.last.at, last: awaited.last };
      return;
    case "RunStuck":
      run.awaitedAnswer = undefined;
      return;
    case "CodeGivenUp":
      run.isCodeInWorkers = false;
      run.awaitedAnswer = undefined;
      return;
    case "CodeAskedAgain": {
      const reason = declinedReason(event);
      if (awaited !== undefined && reason !== undefined)
        run.awaitedAnswer = { ...awaited, declined: { reason, since: awaited.declined?.since ?? at } };
      return;
    }
    default:
      if (wakesCode(event) && run.stuck === undefined)
        run.awaitedAnswer = { ...awaited, since: awaited?.since ?? at, last: { seq, at } };
  }
}

function declinedReason({ because, message, ended }: EventOf<"CodeAskedAgain">): string | undefined {
  if (because === "workerEnded" && ended === undefined) return "Workers ended while they were at it.";
  if (because !== "notMine" || message === undefined) return undefined;
  return message.length > longestReason ? `${message.slice(0, longestReason)}…` : message;
}
