import type { Action } from "../action.ts";
import type { Failure } from "../failure.ts";
import type { Payload } from "../payload.ts";
import type { JobOptions } from "../retry-policy.ts";

export type Labels = Readonly<Record<string, string>>;

/**
 * Everything that can happen in a run. Events are frozen once shipped: a changed meaning is a new event type.
 * The place in the run's history (`seq`, from 1) and the time (`at`) are kept by the decision that holds the events.
 */
export type RunEvent =
  // The run
  | {
      readonly type: "RunStarted";
      readonly workflow: string;
      readonly input: Payload;
      readonly labels?: Labels;
      readonly startedBy?: string;
      /** Where its code lives; absent for within the engine. Workers are asked through the log. */
      readonly codeIn?: "workers";
      /** See `codeRules`; absent in runs from before there were any. */
      readonly rules?: number;
    }
  | { readonly type: "LabelsSet"; readonly labels: Labels }
  /** From where on the run lives by which version of a change in its code. */
  | { readonly type: "VersionRecorded"; readonly changeId: string; readonly version: number }
  | { readonly type: "RunCompleted"; readonly output: Payload }
  /** The code gave up: no new attempts, the attempts under way are waited for, then compensations run. */
  | { readonly type: "RunFailing"; readonly failure: Failure }
  | { readonly type: "RunFailed"; readonly failure: Failure }
  /** As `RunFailing`, by a person's wish. */
  | { readonly type: "RunCancelRequested"; readonly action: Action }
  | { readonly type: "RunCancelled"; readonly failure?: Failure }
  | { readonly type: "RunTerminated"; readonly action: Action }
  /** The code can't decide: it threw what is no business error, or it changed against its history. */
  | { readonly type: "RunStuck"; readonly failure: Failure }
  /** Of a run that is being cancelled: its code can't be asked and is asked no more. What it had registered is undone without it. */
  | { readonly type: "CodeGivenUp"; readonly failure: Failure }
  /** A person had the code asked again. */
  | { readonly type: "RunResumed"; readonly action: Action }
  /**
   * A person had the run that was set aside go on at its last good event (`cut`), or end (`closed`). What came after that event in history counts as
   * never having happened; its numbers are given again, beginning with this event's.
   */
  | {
      readonly type: "RunRepaired";
      readonly action: Action;
      readonly outcome: RepairOutcome;
      /** What was found. */
      readonly message: string;
    }
  // The code, where it lives in workers
  /** What the code wants follows, in the same decision. */
  | {
      readonly type: "CodeAnswered";
      /** Number of the last event that the code had heard of. */
      readonly upTo: number;
      readonly answerId: string;
      readonly worker?: string;
      /** Of the code. */
      readonly build?: string;
      /** How much more the code wants that did not fit into the answer: it is asked once more. */
      readonly left?: number;
      /** From here on the run stays with that build. */
      readonly versioning?: "pinned";
    }
  /** The question is put again; of an older one, the answer no longer counts. */
  | {
      readonly type: "CodeAskedAgain";
      /** From 2; 1 where the code was not asked before. */
      readonly attempt: number;
      readonly because: AskedAgainBecause;
      /** In the words of whoever was asked. */
      readonly message?: string;
      /** Whose code it is that does not fit (`notMine`). */
      readonly build?: string;
      /** Which build is asked next; absent: any. */
      readonly next?: string;
      /** What was recorded and is not taken by the schemas of the one that was asked. */
      readonly failure?: Failure;
      /** It is that signal. */
      readonly signalId?: string;
      /** No build is left to ask for the signal: whoever does not take it passes it over. */
      readonly untaken?: "passedOver";
      /**
       * Of `workerEnded`, which then is counted for no end. `begins`: it is put to the code of a worker that is there; should that be said of it once more, the
       * worker has ended. `maybe`: nobody had begun it.
       */
      readonly ended?: "maybe" | "begins";
    }
  // Jobs
  | {
      readonly type: "JobScheduled";
      readonly jobId: string;
      readonly jobType: string;
      readonly input: Payload;
      readonly options?: JobOptions;
      /** The compensation that this job carries out. */
      readonly compensationId?: string;
      /** An attempt of a cancelled job was still under way: this one waits until it is over, and until then at the latest, ms since the epoch. */
      readonly heldUntil?: number;
    }
  | { readonly type: "AttemptRequested"; readonly jobId: string; readonly attempt: number }
  | {
      readonly type: "AttemptStarted";
      readonly jobId: string;
      readonly attempt: number;
      readonly worker: string;
      /** By the log's time; by the worker's clock in records of older engines. */
      readonly startedAt: number;
      /** How often the log had delivered it before, of an attempt that came back unanswered. */
      readonly redelivered?: number;
      /** The command that said so, of an attempt that may have come back: said twice, it is one beginning. */
      readonly beginId?: string;
    }
  /** Thinned by the worker: a few in a heartbeat time-out. */
  | {
      readonly type: "AttemptHeartbeat";
      readonly jobId: string;
      readonly attempt: number;
      readonly details?: Payload;
      /** How long before that the handler said it. */
      readonly agoMs?: number;
    }
  | {
      readonly type: "AttemptFailed";
      readonly jobId: string;
      readonly attempt: number;
      readonly failure: Failure;
      readonly worker?: string;
      readonly startedAt?: number;
      /** When the next attempt is due; absent when there is none. */
      readonly retryAt?: number;
      /** Of a person who did not wait for its time-out. */
      readonly action?: Action;
    }
  | {
      readonly type: "JobCompleted";
      readonly jobId: string;
      readonly output: Payload;
      /** Absent when a person completed the job. */
      readonly attempt?: number;
      readonly worker?: string;
      readonly startedAt?: number;
      readonly action?: Action;
    }
  /** Business failure. */
  | {
      readonly type: "JobRejected";
      readonly jobId: string;
      readonly attempt: number;
      readonly failure: Failure;
      readonly worker?: string;
      readonly startedAt?: number;
    }
  | { readonly type: "JobStuck"; readonly jobId: string; readonly failure: Failure }
  /** Attempts used up in a job type with `whenExhausted: "fail"`. */
  | { readonly type: "JobFailed"; readonly jobId: string; readonly failure: Failure }
  /** By a person (with `action`) or because its run is failing or being cancelled. */
  | { readonly type: "JobCancelled"; readonly jobId: string; readonly action?: Action }
  /** The run ends, and nobody waits for the job any more. */
  | { readonly type: "JobAbandoned"; readonly jobId: string }
  /** A person gave a stuck job a fresh set of attempts, perhaps with another input. */
  | { readonly type: "JobRetried"; readonly jobId: string; readonly action: Action; readonly input?: Payload }
  /** A person ended the back-off. */
  | { readonly type: "BackOffSkipped"; readonly jobId: string; readonly action: Action }
  /** The next attempt is due then instead. */
  | {
      readonly type: "RetryPostponed";
      readonly jobId: string;
      readonly retryAt: number;
      readonly action: Action;
    }
  // Waits
  | {
      readonly type: "TimerSet";
      readonly timerId: string;
      readonly generation: number;
      readonly dueAt: number;
      readonly waitId?: string;
    }
  /** By itself when it was due, or at once by a person's wish (with `action`). */
  | {
      readonly type: "TimerFired";
      readonly timerId: string;
      readonly generation: number;
      readonly action?: Action;
    }
  /** Nobody waits for it any more; or a person took the time-out off a wait (with `action`), which goes on. */
  | {
      readonly type: "TimerCancelled";
      readonly timerId: string;
      readonly generation: number;
      readonly action?: Action;
    }
  /** It is due then instead. The wake-up of the generation before wakes nobody. */
  | {
      readonly type: "TimerPostponed";
      readonly timerId: string;
      readonly generation: number;
      readonly dueAt: number;
      readonly action: Action;
    }
  | {
      readonly type: "SignalAwaited";
      readonly waitId: string;
      readonly name: string;
      readonly timeoutMs?: number;
      /** The wait before this one got that signal, which did not fit: it is passed over. */
      readonly signalId?: string;
    }
  | {
      readonly type: "SignalReceived";
      readonly signalId: string;
      readonly name: string;
      readonly payload: Payload;
      readonly actor?: string;
    }
  | { readonly type: "SignalDelivered"; readonly waitId: string; readonly signalId: string }
  /** The wait ended without a signal: its time ran out, or its run is ending. */
  | { readonly type: "SignalWaitEnded"; readonly waitId: string; readonly because: "timeout" | "closing" }
  /** The code has no use for the wait any more: it lost the race that it was for. */
  | { readonly type: "SignalWaitAbandoned"; readonly waitId: string }
  // Compensation
  | {
      readonly type: "CompensationRegistered";
      readonly compensationId: string;
      readonly jobType: string;
      readonly input: Payload;
      readonly options?: JobOptions;
      /** The job whose work it undoes. */
      readonly undoes?: string;
    }
  // Answers
  | {
      readonly type: "CommandRefused";
      readonly command: string;
      readonly code: RejectionCode;
      readonly message: string;
      readonly jobId?: string;
      readonly timerId?: string;
      readonly attempt?: number;
      readonly action?: Action;
      /** Who asked, where the command carries no action: a start or a signal. */
      readonly actor?: string;
    };

/**
 * `history`: whoever was asked knows nothing of the run's past; `notMine`: its code is another one than that which decided before; `noAnswer`: none came in
 * time; `unfinished`: only a part of the answer was recorded; `workerEnded`: those who were asked ended with the question in hand.
 */
export type AskedAgainBecause = "history" | "notMine" | "noAnswer" | "unfinished" | "workerEnded";

export type RepairOutcome = "cut" | "closed";

export type RunEventType = RunEvent["type"];
export type EventOf<T extends RunEventType> = Extract<RunEvent, { type: T }>;

export type RejectionCode =
  | "UnknownWorkflow"
  | "UnknownRun"
  | "UnknownJob"
  | "RunExists"
  /** The id is that of another workflow's run, or of one with another input. */
  | "RunIdTaken"
  | "RunOver"
  | "RunCancelling"
  | "RunNotStuck"
  /** The run is set aside, since its history can't be followed. */
  | "RunDamaged"
  | "RunNotDamaged"
  | "JobOver"
  | "JobNotStuck"
  | "JobNotBackingOff"
  | "JobNotInFlight"
  | "UnknownTimer"
  | "TimerOver"
  /** A sleep: without it, the run would never go on. */
  | "TimerNeeded"
  /** The moment that was asked for is not ahead. */
  | "TimeNotAhead"
  /** The attempt was ended by the engine or a person before this result came. */
  | "AttemptOver"
  | "UnknownAttempt"
  | "InvalidInput"
  | "PayloadTooLarge"
  /** The engine itself failed on the command, or has no room for what it brings. */
  | "Unprocessable";
