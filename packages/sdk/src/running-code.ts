import { AsyncLocalStorage } from "node:async_hooks";

/** Hears of a rejection in a user's code that the code itself never looked at. */
export type OnStray = (reason: unknown) => void;

/** What workflow code finds around it in place of the process's clock and chance. */
export interface CodeOfRun {
  /** Between an event that woke the code and its coming to rest. What it left behind may run at other times, and is the process's. */
  readonly isAtWork: boolean;
  /** Whether it is refused what no replay can repeat, and given chance of its own: runs from before that rule go on without it. */
  readonly isKeptApart: boolean;
  /** Time of the event that the code is answering, ms since the epoch. */
  readonly now: () => number;
  readonly startedAt: number;
  readonly random: () => number;
  readonly uuid: () => string;
}

/** A user's code that runs in this process, with all that it calls and all that it goes on with later. */
export interface RunningCode {
  readonly onStray: OnStray;
  /** Absent where it is no workflow code, such as a handler. */
  readonly ofRun?: CodeOfRun;
}

export const runningCode = new AsyncLocalStorage<RunningCode | undefined>();

/** The run whose code is calling, if it is one's. */
export function codeAtWork(): CodeOfRun | undefined {
  const code = runningCode.getStore()?.ofRun;
  return code?.isAtWork === true ? code : undefined;
}
