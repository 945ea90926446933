import type { Failure } from "@downbeat/domain";
import { RunCancelledError } from "../errors.ts";
import type { Closing } from "./closing.ts";

/** How it stands with the code of one run: whether it may run now, how it ended, what is wrong with it. */
export class Situation {
  /** See `codeRules`. */
  rules = 1;
  /** Time of the event that woke the code last, ms since the epoch. */
  at = 0;
  /** What the code is told of the time: `at`, or the moment of a wait that a person ended before it, as if time had passed. */
  now = 0;
  /** Between an event that woke the code and the end of its drain: the only time in which the code may run. */
  awake = false;
  /** How many events have woken the code. */
  steps = 0;
  phase: "code" | "undoing" | "over" = "code";
  closing: Closing | undefined;
  end: { readonly failure?: Failure } | undefined;
  broken: Failure | undefined;
  #untaken: Failure | undefined;
  /** The latest moment that a wait was for which ended early: the code is not told of an earlier one any more. */
  #told = 0;

  /** @param due the moment that an ended wait was for, where the code is told of it */
  ended(due = 0): void {
    this.#told = Math.max(this.#told, due);
  }

  wake(at: number): void {
    this.at = at;
    this.now = Math.max(at, this.#told);
    this.awake = true;
    this.steps++;
  }

  /** Whether the code is kept apart from the process around it. */
  get isKeptApart(): boolean {
    return this.rules >= 2;
  }

  /** Whether what JSON would lose is lost without a word. */
  get isLossy(): boolean {
    return this.rules < 2;
  }

  /** Whether what is nested deeper than others can read is handed over all the same. */
  get isAnyDepth(): boolean {
    return this.rules < 3;
  }

  /** Whether a signal that was passed over once is passed over by each replay. */
  get keepsToPassedOver(): boolean {
    return this.rules >= 2;
  }

  /** The code asked for something that can't be had. Recorded here too, lest a broad `catch` of the author's hides it. */
  refuse(problem: Failure): void {
    if (this.phase !== "over") this.broken ??= problem;
  }

  /** What was recorded does not fit the schemas that are here. */
  refuseRecorded(problem: Failure): void {
    this.refuse(problem);
    if (this.broken === problem) this.#untaken = problem;
  }

  /** What is broken is no fault of the code's: something recorded does not fit its schemas. */
  get isUntaken(): boolean {
    return this.broken !== undefined && this.broken === this.#untaken;
  }

  /** The code goes on and on, and is asked no more. A run that closes does so without it; another is stuck. */
  endCode(problem: Failure): void {
    if (this.closing === undefined) this.refuse(problem);
    else this.end ??= { failure: problem };
  }

  refuseLateCalls(what: string): void {
    this.refuseOutside(what);
    if (this.closing?.outcome === "cancelled")
      throw new RunCancelledError(`${what}: the run is being cancelled.`);
    if (this.closing?.outcome === "failed")
      throw new RunCancelledError(`${what}: the run has failed already.`);
    if (this.broken !== undefined) throw new RunCancelledError(`${what}: the run is stuck.`);
  }

  refuseOutside(what: string): void {
    if (!this.awake) throw new Error(`${what} was called late: ${elsewhere.message}`);
    if (this.phase === "over") throw new RunCancelledError(`${what}: the run is over.`);
  }

  /** The code has returned or thrown. @returns whether that counts */
  endsNow(): boolean {
    if (this.end !== undefined) return false;
    if (!this.awake) this.refuse(elsewhere);
    return this.awake;
  }
}

export const elsewhere: Failure = {
  kind: "code",
  name: "WaitsElsewhere",
  message:
    "The code waits for something that is not of its run (a network call, a timer of Node, a promise that never settles). " +
    "Workflow code may only wait for run.job, run.sleep, run.signal; put everything else into a job.",
};
