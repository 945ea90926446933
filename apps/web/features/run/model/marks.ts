import type { ActionView, EventView, TimeInText } from "@downbeat/api/views";
import type { TimeScale } from "../timeline/scale.ts";

/** What the run itself did, and what was done with it: a moment, where rows are stretches of time. */
export interface Mark {
  readonly key: string;
  readonly at: number;
  /** Of the event, or of the action. */
  readonly type: string;
  readonly text: string;
  readonly times?: readonly TimeInText[];
  /** What it leads to: its event, or its row. */
  readonly seq?: number;
  readonly rowId?: string;
}

/** Events that are marks, wherever they belong. */
export const markTypes: readonly string[] = [
  "LabelsSet",
  "VersionRecorded",
  "RunFailing",
  "RunCancelRequested",
  "RunTerminated",
  "RunStuck",
  "CodeGivenUp",
  "RunResumed",
  "RunRepaired",
  "CodeAnswered",
  "CodeAskedAgain",
  "JobRetried",
  "BackOffSkipped",
  "RetryPostponed",
  "TimerPostponed",
  "SignalReceived",
  "CommandRefused",
  "RunCompleted",
  "RunFailed",
  "RunCancelled",
];

/** Actions whose events are those of any job: without asking for all of these, they are known as actions only. */
const words: Readonly<Record<ActionView["verb"], ((name: string) => string) | undefined>> = {
  completeJob: (name) => `completed ${name}`,
  cancelJob: (name) => `cancelled ${name}`,
  timeOutJob: (name) => `timed out ${name}`,
  fireTimer: (name) => `had time come early for “${name}”`,
  liftTimeout: (name) => `took the time-out from “${name}”`,
  // Of these the event says who and why.
  startRun: undefined,
  cancelRun: undefined,
  terminateRun: undefined,
  resumeRun: undefined,
  repairRun: undefined,
  sendSignal: undefined,
  retryJob: undefined,
  runJobNow: undefined,
  postponeRetry: undefined,
  postponeTimer: undefined,
};

/** In the order of time. */
export function marksOf(
  events: readonly EventView[],
  actions: readonly ActionView[],
  nameOf: (rowId: string) => string,
): readonly Mark[] {
  const marks = events.map(
    ({ seq, at, event, sentence, sentenceTimes }): Mark => ({
      key: `e${seq}`,
      at,
      type: event.type,
      text: sentence,
      ...(sentenceTimes !== undefined && { times: sentenceTimes }),
      seq,
    }),
  );
  for (const { actionId, verb, actor, at, jobId, timerId, reason, outcome } of actions) {
    const word = words[verb];
    const rowId = jobId ?? timerId;
    if (word === undefined || rowId === undefined || !came(outcome)) continue;
    const text = `${actor} ${word(nameOf(rowId))}${reason === "" ? "" : `: ${reason}`}`;
    marks.push({ key: `a${actionId}`, at, type: verb, text, rowId });
  }
  return marks.sort((one, other) => one.at - other.at || (one.seq ?? 0) - (other.seq ?? 0));
}

/** What was refused is an event of its own; what is not decided yet has not happened. */
function came({ type }: ActionView["outcome"]): boolean {
  return type !== "refused" && type !== "pending" && type !== "lost";
}

/** Marks that would stand on one another are one. */
export interface MarkCluster {
  readonly x: number;
  readonly marks: readonly Mark[];
}

/** @param apart px; the first of a cluster is where it stands */
export function clusterMarks(
  marks: readonly Mark[],
  scale: TimeScale,
  apart: number,
): readonly MarkCluster[] {
  const clusters: { x: number; marks: Mark[] }[] = [];
  for (const mark of marks) {
    const x = scale.x(mark.at);
    if (x < 0 || x > scale.width) continue;
    const last = clusters.at(-1);
    if (last !== undefined && x - last.x < apart) last.marks.push(mark);
    else clusters.push({ x, marks: [mark] });
  }
  return clusters;
}
