import type { Action } from "../action.ts";
import type { Failure } from "../failure.ts";
import type { OpenJob } from "../job/state.ts";

export type RunStatus = "running" | "completed" | "failed" | "cancelled" | "terminated";
export type ClosedStatus = Exclude<RunStatus, "running">;

/** A run is born with `RunStarted`; before that there is no state. */
export type RunState = OpenRun | ClosedRun;

interface RunBasics {
  readonly runId: string;
  readonly workflow: string;
  /** `commandId` of the StartRun that made it: its redelivery is recognised by it. */
  readonly startId: string;
  /** Number of the last event. */
  readonly seq: number;
  /** Time of the last event, ms. */
  readonly lastAt: number;
  /** Actions taken or refused so far, to recognise redelivered ones. */
  readonly actions: readonly string[];
  /** `jobId/attempt` of attempts that were ended without a result of theirs: when it comes after all, it is refused, once. */
  readonly unanswered: readonly string[];
}

export interface OpenRun extends RunBasics {
  readonly status: "running";
  readonly startedAt: number;
  /** Jobs that are not over. */
  readonly jobs: Readonly<Record<string, OpenJob>>;
  /** How many jobs there were: `j1` to `j<jobCount>` have existed. */
  readonly jobCount: number;
  readonly timers: Readonly<Record<string, OpenTimer>>;
  readonly waits: readonly SignalWait[];
  /** Received and not yet awaited, oldest first. */
  readonly buffered: readonly { readonly signalId: string; readonly name: string }[];
  readonly seenSignals: readonly string[];
  readonly closing?: Closing;
  /** Why the code can't decide. */
  readonly stuck?: Failure;
}

/** What is left of a run that is over: enough to recognise late and repeated commands. */
export interface ClosedRun extends RunBasics {
  readonly status: ClosedStatus;
  readonly closedAt: number;
}

export interface OpenTimer {
  readonly generation: number;
  readonly dueAt: number;
  /** The signal wait whose time-out it is. */
  readonly waitId?: string;
}

export interface SignalWait {
  readonly waitId: string;
  readonly name: string;
}

export type Closing =
  | { readonly outcome: "failed"; readonly failure: Failure }
  | { readonly outcome: "cancelled"; readonly action: Action };
