import type { ActionView } from "@downbeat/api/views";
import { messageWithCause } from "@downbeat/domain";
import { formatDuration, formatRunningDuration } from "../../lib/duration.ts";
import { known } from "../../lib/known.ts";
import type { Tone } from "../../lib/status.ts";

export interface OutcomeText {
  readonly tone: Tone;
  readonly text: string;
  /** More may still come of it. */
  readonly isOpen: boolean;
}

const patienceMs = 5_000;

const done: Readonly<Record<ActionView["verb"], string>> = {
  startRun: "Started",
  cancelRun: "Asked to cancel the run",
  terminateRun: "Terminated",
  resumeRun: "Resumed: the code continues",
  repairRun: "Repaired",
  sendSignal: "Signal received",
  retryJob: "Retried",
  cancelJob: "Cancelled",
  completeJob: "Completed with the given value",
  runJobNow: "The next attempt runs now",
  postponeRetry: "The next attempt was postponed",
  timeOutJob: "The attempt was timed out",
  fireTimer: "Fired",
  postponeTimer: "Postponed",
  liftTimeout: "The wait no longer has a time-out",
};

const doing: Readonly<Record<ActionView["verb"], string>> = {
  startRun: "Starting",
  cancelRun: "Asking to cancel",
  terminateRun: "Terminating",
  resumeRun: "Resuming",
  repairRun: "Repairing",
  sendSignal: "Sending the signal",
  retryJob: "Retrying",
  cancelJob: "Cancelling",
  completeJob: "Completing",
  runJobNow: "Ending the pause",
  postponeRetry: "Postponing the next attempt",
  timeOutJob: "Timing the attempt out",
  fireTimer: "Firing",
  postponeTimer: "Postponing",
  liftTimeout: "Removing the time-out",
};

/** What came of an action, in words; never just "sent". */
export function describeOutcome({ verb, at, outcome }: ActionView, now: number): OutcomeText {
  switch (outcome.type) {
    case "pending": {
      const waited = now - at;
      if (waited < patienceMs)
        return { tone: "running", text: `${known(doing, verb) ?? verb}…`, isOpen: true };
      return {
        tone: "waiting",
        text: `No engine has read it for ${formatRunningDuration(waited)}: it is in the log, and takes effect when one does.`,
        isOpen: true,
      };
    }
    case "inProgress":
      return {
        tone: "running",
        text: `${verb === "retryJob" ? "Retrying" : (known(doing, verb) ?? verb)}: under way for ${formatRunningDuration(now - at)}`,
        isOpen: true,
      };
    case "recovered":
      return {
        tone: "completed",
        text: `${known(done, verb) ?? verb}: recovered in ${formatDuration(outcome.at - at)}`,
        isOpen: false,
      };
    case "failedAgain":
      return {
        tone: "stuck",
        text: `${known(done, verb) ?? verb}: failed again after ${formatDuration(outcome.at - at)}: ${messageWithCause(outcome.failure)}`,
        isOpen: false,
      };
    case "lost":
      return {
        tone: "failed",
        text: "Lost: it was taken out of the inbox before an engine read it. Nothing was done; do it again.",
        isOpen: false,
      };
    case "refused":
      return { tone: "failed", text: `Refused: ${outcome.message}`, isOpen: false };
    case "requested":
      return {
        tone: "waiting",
        text: "Asked for: nothing is done until another person approves it (see Approvals)",
        isOpen: false,
      };
    case "existed":
      return {
        tone: "ended",
        text: "Nothing was started: this run exists already, with the same input",
        isOpen: false,
      };
    case "accepted":
      return { tone: "completed", text: known(done, verb) ?? verb, isOpen: false };
    default:
      return {
        tone: "ended",
        text: "The server reports an outcome that this page does not know.",
        isOpen: false,
      };
  }
}
