import { isLateRefusal, misfit } from "@downbeat/domain";
import type { ReadDecision } from "@downbeat/protocol";
import { dropFinishedRows, emptyFold, foldStep, type Step, standingOfFold } from "./run-fold.ts";

/** Of what accepted records say of one run, the steps that follow one another: what the projection would fold too. */
export class FollowedSteps {
  readonly steps: Step[] = [];
  readonly #fold;

  constructor(runId: string, partition: number) {
    this.#fold = emptyFold(runId, partition);
  }

  get lastSeq(): number {
    return this.#fold.seq;
  }

  /** @returns whether the step follows; one that does not sets the run aside until its repair */
  take(decision: Pick<ReadDecision, "seq" | "inputId" | "events" | "flaw" | "isNewer">, at: number): boolean {
    const { seq, inputId, events, flaw, isNewer = false } = decision;
    if (isLateRefusal(standingOfFold(this.#fold), decision, at)) return false;
    const step: Step = { seq, at, inputId, events };
    const fold = this.#fold;
    const found = misfit(standingOfFold(fold), { ...step, ...(flaw !== undefined && { flaw }) });
    if (found !== undefined) {
      fold.damaged ??= { found, since: at, isNewer };
      return false;
    }
    this.steps.push(step);
    foldStep(fold, step);
    dropFinishedRows(fold);
    return true;
  }
}
