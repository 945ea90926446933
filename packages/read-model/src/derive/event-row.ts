import type { RunEvent } from "@downbeat/domain";
import { signalRowId } from "../fold/wait-row.ts";
import type { TimelineRow } from "../views.ts";

/** The timeline row that an event belongs to. */
export function rowIdOf(event: RunEvent, rows: ReadonlyMap<string, TimelineRow>): string | undefined {
  switch (event.type) {
    case "TimerSet":
      return event.waitId ?? event.timerId;
    case "TimerPostponed":
    case "TimerFired":
    case "TimerCancelled":
      return event.timerId;
    case "SignalAwaited":
    case "SignalDelivered":
    case "SignalWaitEnded":
    case "SignalWaitAbandoned":
      return event.waitId;
    case "SignalReceived": {
      const rowId = signalRowId(event.signalId);
      return rows.has(rowId) ? rowId : undefined;
    }
    case "CompensationRegistered":
      return event.undoes;
    case "CommandRefused":
      if (event.timerId !== undefined && rows.has(event.timerId)) return event.timerId;
      return event.jobId !== undefined && rows.has(event.jobId) ? event.jobId : undefined;
    default:
      return "jobId" in event ? event.jobId : undefined;
  }
}
