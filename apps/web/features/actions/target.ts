import type { ActionVerb } from "@downbeat/api/views";

/** What a person is about to act on, as the pages know it. */
export interface ActionTarget {
  readonly runId: string;
  readonly workflow: string;
  readonly jobId?: string;
  readonly jobType?: string;
  /** Its history is damaged: nothing goes on in it. */
  readonly isSetAside?: boolean;
  /** Business keys that say whose run it is. */
  readonly labels?: Readonly<Record<string, string>>;
}

export type PersonVerb = Exclude<ActionVerb, "startRun">;

/** Where the progress and the outcome of an action are shown: at what it was done to. */
export function targetKey({ runId, jobId }: { runId: string; jobId?: string | undefined }): string {
  return jobId === undefined ? runId : `${runId} ${jobId}`;
}
