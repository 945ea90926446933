import type { Failure } from "../failure.ts";
import type { Payload } from "../payload.ts";
import type { JobOptions } from "../retry-policy.ts";
import type { Labels } from "./events.ts";

/**
 * What the workflow code wants next, as the decision service answers it. Ids are counted by the code's own progress
 * (`j1`, `t1`, `w1`, `c1`), so a replay comes to the same ones.
 */
export type RunDecision =
  | {
      readonly type: "ScheduleJob";
      readonly jobId: string;
      readonly jobType: string;
      readonly input: Payload;
      readonly options?: JobOptions;
      readonly compensationId?: string;
    }
  | { readonly type: "SetTimer"; readonly timerId: string; readonly dueAt: number }
  | { readonly type: "CancelTimer"; readonly timerId: string }
  | {
      readonly type: "AwaitSignal";
      readonly waitId: string;
      readonly name: string;
      readonly timeoutMs?: number;
      /** The wait before this one got that signal, which did not fit: it is passed over. */
      readonly signalId?: string;
    }
  /** The code has no use for the wait any more: a signal is to go to another one. */
  | { readonly type: "AbandonSignalWait"; readonly waitId: string }
  | {
      readonly type: "RegisterCompensation";
      readonly compensationId: string;
      readonly jobType: string;
      readonly input: Payload;
      readonly options?: JobOptions;
      readonly undoes?: string;
    }
  | { readonly type: "SetLabels"; readonly labels: Labels }
  | { readonly type: "RecordVersion"; readonly changeId: string; readonly version: number }
  | { readonly type: "CompleteRun"; readonly output: Payload }
  | { readonly type: "BeginFailing"; readonly failure: Failure }
  | { readonly type: "FailRun"; readonly failure: Failure }
  | { readonly type: "FinishCancel"; readonly failure?: Failure }
  | { readonly type: "GetStuck"; readonly failure: Failure };
