import type { RejectionCode, RunEvent } from "@downbeat/domain";

/** Rule 3. The newest format of history records that this version can read. Raised with each new type of event, or new word in one. */
export const recordFormat = 6;

/** Of records that compaction wrote: who doesn't know them would miss what was removed. */
export const compactedFormat = 3;

/** Of decisions that are signed: what who doesn't sign wrote on them would count for nobody who checks. */
export const signedFormat = 6;

const codesSince5: ReadonlySet<RejectionCode> = new Set([
  "JobNotInFlight",
  "UnknownTimer",
  "TimerOver",
  "TimerNeeded",
  "TimeNotAhead",
]);

/**
 * The oldest format whose readers can read the event. A record says the highest of its events, so that a version which is older than
 * a new type of event goes on beside a newer one until such an event comes, and then says why it doesn't.
 */
export function formatOf(event: RunEvent): number {
  switch (event.type) {
    case "RunStarted":
      return event.codeIn === undefined && event.rules === undefined ? 1 : 5;
    case "VersionRecorded":
    case "CodeAnswered":
    case "CodeAskedAgain":
    case "RetryPostponed":
    case "TimerPostponed":
      return 5;
    case "TimerFired":
    case "TimerCancelled":
    case "AttemptFailed":
      return event.action === undefined ? 1 : 5;
    case "RunRepaired":
      return 2;
    case "CodeGivenUp":
    case "SignalWaitAbandoned":
    case "JobAbandoned":
      return 4;
    case "JobScheduled":
      return event.heldUntil === undefined ? 1 : 4;
    case "CommandRefused":
      if (event.timerId !== undefined || codesSince5.has(event.code)) return 5;
      if (event.code === "RunIdTaken") return 4;
      return event.code === "RunDamaged" || event.code === "RunNotDamaged" || event.command === "RepairRun"
        ? 2
        : 1;
    case "AttemptStarted":
      return event.beginId === undefined ? 1 : 4;
    case "AttemptHeartbeat":
      return event.agoMs === undefined ? 1 : 4;
    default:
      return 1;
  }
}
