import type { ActionVerb, TimerKind } from "@downbeat/api/views";

/** What is due, of `timers.list`. */
interface TimerTarget {
  readonly kind: TimerKind;
  readonly id: string;
  readonly dueAt: number;
  /** Of the signal or the job type. */
  readonly name?: string;
  /** Of the job: its newest one, as it is shown. */
  readonly attempt?: number;
}

/** What a person is about to act on, as the pages know it. */
export interface ActionTarget {
  readonly runId: string;
  readonly workflow: string;
  readonly jobId?: string;
  readonly jobType?: string;
  readonly timer?: TimerTarget;
  /** Its history is damaged: nothing goes on in it. */
  readonly isSetAside?: boolean;
  /** Business keys that say whose run it is. */
  readonly labels?: Readonly<Record<string, string>>;
}

export type PersonVerb = Exclude<ActionVerb, "startRun">;

interface Acted {
  readonly runId: string;
  readonly jobId?: string | undefined;
  readonly timer?: Pick<TimerTarget, "id"> | undefined;
}

/** Where the progress and the outcome of an action are shown: at what it was done to. */
export function targetKey({ runId, jobId, timer }: Acted): string {
  if (timer !== undefined) return `${runId} ${timer.id}${ofTimer}`;
  return jobId === undefined ? runId : `${runId} ${jobId}`;
}

/** No run or part of one is named with a blank. */
const ofTimer = " timer";

/** What was acted on as something that is due; nothing for any other target. */
export function timerOfKey(key: string): { readonly runId: string; readonly id: string } | undefined {
  if (!key.endsWith(ofTimer)) return undefined;
  const [runId = "", id = ""] = key.split(" ");
  return { runId, id };
}
