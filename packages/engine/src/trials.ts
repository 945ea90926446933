/** Rule 11. What is done with a command that ended processes: its code is not asked any more, or nothing is done for it at all but to record that. */
export type Verdict = "withoutCode" | "setAside";

/** What a process was at when it ended. */
export interface Unfinished {
  /** The one command; absent where several were decided together. */
  readonly commandId?: string;
  /** The workflow code was running. */
  readonly isInCode: boolean;
  /** It had been at it for so long that its end was no chance: see `work-notes.ts`. */
  readonly isLong: boolean;
}

/**
 * What a process notes about commands that it may not survive. It outlives the process at once, and the loss of the snapshots too, but is a hint and no
 * truth: one that is lost costs another death.
 */
export interface Trials {
  /** From now on one command is decided, or several. */
  deciding(commandId?: string): void;
  /** The workflow code is asked, or has answered. */
  inCode(is: boolean): void;
  /** What was begun is decided. */
  decided(): void;
  /** What the process before was at, when it ended in the midst of it. Told once. */
  takeUnfinished(): Unfinished | undefined;

  /** @returns how often the command was begun before, and not survived */
  begin(commandId: string): number;
  /** It is over without a death: the partition was given up meanwhile. */
  abandon(commandId: string): void;
  /** It is over, and in the log. */
  end(commandId: string): void;
  /** Something was begun and is not over: a process did not survive it. */
  any(): boolean;
  /** What was begun and is not over has not come again: somebody else has decided it. */
  forget(): void;

  /** For good: it may be delivered again, or time may ask for it again. */
  condemn(commandId: string, verdict: Verdict): void;
  condemned(): Iterable<readonly [string, Verdict]>;
}
