import { isLateRefusal, misfit } from "@downbeat/domain";
import type { ReadDecision } from "@downbeat/protocol";
import {
  dropFinishedRows,
  emptyFold,
  foldStep,
  type RunFold,
  type Step,
  standingOfFold,
} from "./run-fold.ts";

/** Why a step can't be read as it stands. */
type Flaw = Pick<ReadDecision, "flaw" | "isNewer">;

/** Folds a step that follows. One that does not sets the run aside until its repair, and is left out. @returns whether it follows */
export function foldIfItFollows(fold: RunFold, step: Step, { flaw, isNewer = false }: Flaw = {}): boolean {
  const found = misfit(standingOfFold(fold), { ...step, ...(flaw !== undefined && { flaw }) });
  if (found === undefined) foldStep(fold, step);
  else fold.damaged ??= { found, since: step.at, isNewer };
  return found === undefined;
}

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
  take(decision: Pick<ReadDecision, "seq" | "inputId" | "events"> & Flaw, at: number): boolean {
    const { seq, inputId, events } = decision;
    if (isLateRefusal(standingOfFold(this.#fold), decision, at)) return false;
    const step: Step = { seq, at, inputId, events };
    if (!foldIfItFollows(this.#fold, step, decision)) return false;
    this.steps.push(step);
    dropFinishedRows(this.#fold);
    return true;
  }
}
