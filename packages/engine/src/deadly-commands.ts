import type { Trials, Verdict } from "./trials.ts";

/** So many claims in a row without a decision between them, the own one included, are more than chance. */
const carefulFrom = 2;
/** It costs a commit each, so not for longer than needed to find one. */
const mostCareful = 200;
/** Deaths of a command that was tried alone, none of them long: one may have been chance. */
const mostDeaths = 2;

/**
 * Finds commands that end the process which decides them, and says what is done with them. Whoever ended in the midst of deciding is followed by an owner
 * that is careful: it decides one command at a time, each safe in the log before the next, and notes which. A command that ended the process after a long
 * decision of its own is condemned at once; a short one, which may have met a process that was ended from outside, only the second time.
 */
export class DeadlyCommands {
  readonly #trials: Trials;
  readonly #condemned: Map<string, Verdict>;
  /** So many more are decided one at a time. */
  #carefully = 0;
  /** A process ended in the midst of deciding: what it was at comes again, and perhaps not at once. */
  readonly #isWarned: boolean;
  #alone: string | undefined;

  /** @param barrenClaims owners in a row that came to nothing, this one included */
  constructor(trials: Trials, barrenClaims: number) {
    this.#trials = trials;
    const unfinished = trials.takeUnfinished();
    if (unfinished?.commandId !== undefined && unfinished.isLong)
      trials.condemn(unfinished.commandId, unfinished.isInCode ? "withoutCode" : "setAside");
    this.#condemned = new Map(trials.condemned());
    this.#isWarned = unfinished !== undefined;
    if (this.#isWarned || barrenClaims >= carefulFrom || trials.any()) this.#carefully = mostCareful;
  }

  get isCareful(): boolean {
    return this.#carefully > 0;
  }

  verdictOn(commandId: string): Verdict | undefined {
    return this.#condemned.get(commandId);
  }

  /** Several are decided together. */
  together(): void {
    this.#trials.deciding();
  }

  /** One is decided by itself. */
  alone(commandId: string): void {
    const deaths = this.#trials.begin(commandId);
    this.#alone = commandId;
    if (deaths > mostDeaths) this.#condemn(commandId, "setAside");
    else if (deaths === mostDeaths && !this.#condemned.has(commandId))
      this.#condemn(commandId, "withoutCode");
    this.#trials.deciding(commandId);
  }

  readonly inCode = (is: boolean): void => {
    if (this.#alone !== undefined) this.#trials.inCode(is);
  };

  /** What was begun is decided, and not in the log yet. */
  decided(): void {
    this.#trials.decided();
  }

  /** What was tried alone is in the log. */
  survived(commandId: string): void {
    this.#alone = undefined;
    this.#trials.end(commandId);
  }

  /** So many were decided one at a time. */
  spent(commands: number, barrenClaims: number, isIdle: boolean): void {
    this.#carefully -= commands;
    if (barrenClaims >= carefulFrom) this.#carefully = Math.max(1, this.#carefully);
    else if (this.#carefully <= 0) this.#trials.forget();
    else if (isIdle && !this.#isWarned && !this.#trials.any()) this.#carefully = 0;
  }

  /** The partition is given up, and the process lives. */
  close(): void {
    const alone = this.#alone;
    this.#alone = undefined;
    try {
      if (alone !== undefined) this.#trials.abandon(alone);
      this.#trials.decided();
    } catch {
      // A full disk, as a rule. Notes are a hint: without this one the next owner is careful in vain, and all else is to be closed.
    }
  }

  #condemn(commandId: string, verdict: Verdict): void {
    // Rule 11: it would end one process after another at the head of its partition.
    this.#trials.condemn(commandId, verdict);
    this.#condemned.set(commandId, verdict);
  }
}
