import type { RunEvent } from "./events.ts";

/** Whether the workflow code has something new to say after the event, or what goes on in its place. */
export function wakesCode(event: RunEvent): boolean {
  switch (event.type) {
    case "RunStarted":
    case "RunFailing":
    case "RunCancelRequested":
    case "CodeGivenUp":
    case "RunResumed":
    case "RunRepaired":
    case "JobCompleted":
    case "JobRejected":
    case "JobFailed":
    case "JobCancelled":
    case "TimerFired":
    case "SignalDelivered":
    case "SignalWaitEnded":
      return true;
    default:
      return false;
  }
}
