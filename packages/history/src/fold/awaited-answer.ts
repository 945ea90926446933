import { type RunEvent, wakesCode } from "@downbeat/domain";
import type { Place, RunFold } from "./run-fold.ts";

/** Code that lives in workers is asked what comes next. */
export interface AwaitedAnswer {
  /** ms since the epoch: of what it has not been told, when the first happened. */
  readonly since: number;
  /** What it has not been told happened last with this event, at this time. */
  readonly last: { readonly seq: number; readonly at: number };
}

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
    default:
      if (wakesCode(event) && run.stuck === undefined)
        run.awaitedAnswer = { since: awaited?.since ?? at, last: { seq, at } };
  }
}
