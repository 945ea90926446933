import type { RunEvent } from "./events.ts";

/**
 * Whether the record that holds the first of two events must hold the one after it too. Everything else that comes of an input may be in a
 * further record: should that never be written, what is missing is found out again (see `FinishStep`), but the second half of such a pair never is.
 */
export function isInseparable(before: RunEvent, event: RunEvent): boolean {
  switch (event.type) {
    case "AttemptRequested":
      return "jobId" in before && before.jobId === event.jobId;
    case "JobStuck":
    case "JobFailed":
    case "JobCancelled":
      return before.type === "AttemptFailed" && before.jobId === event.jobId;
    case "SignalDelivered":
      return before.type === "SignalReceived";
    case "TimerSet":
      return before.type === "SignalAwaited";
    case "TimerCancelled":
      return before.type === "SignalDelivered" || before.type === "SignalWaitAbandoned";
    case "SignalWaitEnded":
      return before.type === "TimerFired";
    default:
      return false;
  }
}
