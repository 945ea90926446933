import type { Failure } from "@downbeat/domain";

/** A line of the timeline, in the order of their first events. */
export type TimelineRow = JobRow | TimerRow | SignalRow;

interface RowBasics {
  /** `j3`, `t1`, `w2`, or `s:<signalId>` for a signal nobody has waited for. */
  readonly rowId: string;
  readonly from: number;
  readonly to?: number;
  /** Numbers of its first and last event. */
  readonly firstSeq: number;
  readonly lastSeq: number;
}

export type JobStatus =
  | "scheduled"
  | "running"
  | "backingOff"
  | "stuck"
  | "completed"
  | "rejected"
  | "failed"
  | "cancelled"
  | "abandoned";

export interface JobRow extends RowBasics {
  readonly kind: "job";
  readonly jobId: string;
  readonly jobType: string;
  readonly status: JobStatus;
  readonly attempts: readonly AttemptView[];
  readonly input: string;
  readonly output?: string;
  readonly failure?: Failure;
  readonly retryAt?: number;
  /** When its time-out ends the attempt that is under way. */
  readonly dueAt?: number;
  readonly maxAttempts: number;
  /** The job (`rowId`) that this one undoes. */
  readonly undoes?: string;
  readonly compensationId?: string;
  /** A person completed or cancelled it. */
  readonly endedBy?: string;
}

export interface AttemptView {
  readonly attempt: number;
  readonly requestedAt: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly outcome?: "completed" | "rejected" | "failed" | "timedOut" | "cancelled";
  readonly worker?: string;
  readonly failure?: Failure;
}

export interface TimerRow extends RowBasics {
  readonly kind: "timer";
  readonly timerId: string;
  readonly status: "waiting" | "fired" | "cancelled";
  readonly dueAt: number;
}

export interface SignalRow extends RowBasics {
  readonly kind: "signal";
  readonly name: string;
  /** `passedOver`: the code got it and it did not fit, so the code waits for another one. */
  readonly status: "awaited" | "buffered" | "delivered" | "passedOver" | "timedOut" | "ended";
  readonly receivedAt?: number;
  readonly dueAt?: number;
  readonly payload?: string;
  readonly actor?: string;
}

/** An undo that was registered. What was done and what undid it are rows of the timeline: their outputs are the receipts. Times are ms since the epoch. */
export interface LedgerEntry {
  readonly compensationId: string;
  readonly jobType: string;
  /** The job (`rowId`) that it undoes. */
  readonly undoes?: string;
  /** Of the job that it undoes. */
  readonly doneType?: string;
  readonly doneAt?: number;
  readonly registeredAt: number;
  /** The job (`rowId`) that carries it out. */
  readonly undoJobId?: string;
  readonly beganAt?: number;
  readonly endedAt?: number;
  /** Why it was not undone. */
  readonly failure?: Failure;
  readonly status: "registered" | "undoing" | "undone" | "undoFailed" | "owed";
}
