import type { Action } from "../action.ts";
import type { Evidence } from "../approval/evidence.ts";
import type { Failure, TimeoutKind } from "../failure.ts";
import type { Payload } from "../payload.ts";
import type { RunDecision } from "./decisions.ts";
import type { Labels, RepairOutcome } from "./events.ts";

/** Asked of a run through the inbox. `commandId` names the request: the same id twice is the same request. */
export type RunCommand = { readonly commandId: string; readonly runId: string } & (
  | {
      readonly type: "StartRun";
      readonly workflow: string;
      readonly input: Payload;
      readonly labels?: Labels;
      readonly startedBy?: string;
      readonly approval?: Evidence;
    }
  | AttemptResult
  | {
      readonly type: "SendSignal";
      readonly signalId: string;
      readonly name: string;
      readonly payload: Payload;
      readonly actor?: string;
    }
  | { readonly type: "FireTimer"; readonly timerId: string; readonly generation: number }
  | { readonly type: "CancelRun"; readonly action: Action }
  | { readonly type: "TerminateRun"; readonly action: Action; readonly approval?: Evidence }
  | { readonly type: "ResumeRun"; readonly action: Action }
  | { readonly type: "RepairRun"; readonly action: Action; readonly outcome: RepairOutcome }
  | { readonly type: "RetryJob"; readonly jobId: string; readonly action: Action; readonly input?: Payload }
  | ({
      readonly type: "CancelJob";
      readonly action: Action;
      /** Not in another state; absent where any will do. */
      readonly onlyWhile?: "backingOff" | "inFlight";
    } & SeenJob)
  | {
      readonly type: "CompleteJob";
      readonly jobId: string;
      readonly action: Action;
      readonly output: Payload;
      readonly approval?: Evidence;
    }
  | ({ readonly type: "RunJobNow"; readonly action: Action } & SeenJob)
  /** The back-off lasts until then instead. */
  | ({ readonly type: "PostponeRetry"; readonly action: Action } & SeenJob & Postponement)
  /** What its time-out would do to the attempt. */
  | ({ readonly type: "TimeOutJob"; readonly action: Action } & SeenJob)
  /** What time would do, at once: a sleep is over, or a wait for a signal has got none. */
  | { readonly type: "FireTimerNow"; readonly timerId: string; readonly action: Action }
  | ({ readonly type: "PostponeTimer"; readonly timerId: string; readonly action: Action } & Postponement)
  /** The wait for a signal goes on without a time-out. */
  | { readonly type: "LiftTimeout"; readonly timerId: string; readonly action: Action }
  /** What the code wants, of a run whose code lives in workers. */
  | {
      readonly type: "AnswerQuestion";
      /** As the question says. */
      readonly upTo: number;
      readonly answerId: string;
      readonly decisions: readonly RunDecision[];
      readonly worker?: string;
      readonly build?: string;
      /** So many further decisions did not fit into a message. */
      readonly left?: number;
      /** The workflow's runs stay with the build that began them. */
      readonly versioning?: "pinned";
    }
  /** Whoever was asked can't answer. */
  | {
      readonly type: "AskAgain";
      readonly upTo: number;
      readonly attempt: number;
      readonly because: "history" | "notMine" | "workerEnded";
      readonly message?: string;
      /** Of whoever was asked. */
      readonly build?: string;
      /** Its schemas don't take what was recorded: what the run is stuck by, where no other build is left to ask. */
      readonly failure?: Failure;
      /** It is that signal which they don't take: passed over instead, where no other build is left to ask. */
      readonly signalId?: string;
      /**
       * Of `workerEnded`, on a log that does not say whether anybody had it. `maybe`: somebody may have. `begins`: it ended workers before, and would be put to the code
       * now.
       */
      readonly ended?: "maybe" | "begins";
    }
);

/** What a person looked at when asking. */
interface SeenJob {
  readonly jobId: string;
  /** The job's newest attempt then: with another one, nothing is done. Absent where any will do. */
  readonly attempt?: number;
}

/** Either is given. */
export interface Postponement {
  /** ms since the epoch */
  readonly until?: number;
  /** So long after the moment at which it is due, ms. */
  readonly byMs?: number;
}

interface AttemptRef {
  readonly jobId: string;
  readonly attempt: number;
  readonly worker: string;
  /** By the worker's clock, which may be wrong by years: nothing is computed from it. */
  readonly startedAt: number;
  /** How long its handler had been at it when this was said. Absent from older workers. */
  readonly ranForMs?: number;
}

export type AttemptResult =
  | ({ readonly type: "CompleteAttempt"; readonly output: Payload } & AttemptRef)
  | ({
      readonly type: "FailAttempt";
      readonly failure: Failure;
      /** What it was told by whoever it asked: a next attempt is not worth while before. */
      readonly retryAfterMs?: number;
    } & AttemptRef)
  | ({ readonly type: "RejectAttempt"; readonly failure: Failure } & AttemptRef)
  | ({
      readonly type: "HeartbeatAttempt";
      readonly details?: Payload;
      /** Said before the handler is called. Absent from older workers, but for an attempt that came back. */
      readonly begins?: true;
      /** Said before the handler is called of an attempt that came back: how often the log had delivered it before. */
      readonly redelivered?: number;
      /** Where the log doesn't know how often: its worker was not there yet when the log took it, so another one may have had it. */
      readonly again?: true;
      /** How long ago the handler said it: a beat that was held back for a while. */
      readonly agoMs?: number;
    } & AttemptRef);

/** What the partition's owner asks of a run by itself when one of its deadlines has passed; never on the wire. */
export type DeadlineCommand = { readonly commandId: string; readonly runId: string } & (
  | { readonly type: "RequestAttempt"; readonly jobId: string; readonly attempt: number }
  | {
      readonly type: "TimeOutAttempt";
      readonly jobId: string;
      readonly attempt: number;
      readonly timeout: TimeoutKind;
    }
  | { readonly type: "FireTimer"; readonly timerId: string; readonly generation: number }
  | {
      readonly type: "AskAgain";
      readonly upTo: number;
      readonly attempt: number;
      readonly because: "noAnswer";
    }
  /** The owner before died between two records of one input. */
  | { readonly type: "FinishStep" }
);

export type AnyRunCommand = RunCommand | DeadlineCommand;
export type RunCommandType = AnyRunCommand["type"];
