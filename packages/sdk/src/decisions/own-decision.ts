import type { RunDecision, RunEvent } from "@downbeat/domain";

/** Whether the event is the record of something that the workflow code itself asked for. */
export function isOwnDecision(event: RunEvent): boolean {
  switch (event.type) {
    case "JobScheduled":
    case "SignalAwaited":
    case "SignalWaitAbandoned":
    case "CompensationRegistered":
    case "LabelsSet":
    case "RunFailing":
    case "RunCompleted":
    case "RunFailed":
    case "RunCancelled":
      return true;
    case "TimerSet":
      // With a waitId it is the time-out of a signal; a later generation is a person's doing.
      return event.waitId === undefined && event.generation === 1;
    default:
      return false;
  }
}

/** Whether the event records the decision. Inputs and times are not compared: history's count. */
export function isRecordOf(event: RunEvent, decision: RunDecision | undefined): boolean {
  switch (event.type) {
    case "JobScheduled":
      return (
        decision?.type === "ScheduleJob" &&
        decision.jobId === event.jobId &&
        decision.jobType === event.jobType &&
        decision.compensationId === event.compensationId
      );
    case "TimerSet":
      return decision?.type === "SetTimer" && decision.timerId === event.timerId;
    case "SignalAwaited":
      return (
        decision?.type === "AwaitSignal" && decision.waitId === event.waitId && decision.name === event.name
      );
    case "SignalWaitAbandoned":
      return decision?.type === "AbandonSignalWait" && decision.waitId === event.waitId;
    case "CompensationRegistered":
      return (
        decision?.type === "RegisterCompensation" &&
        decision.compensationId === event.compensationId &&
        decision.jobType === event.jobType
      );
    case "LabelsSet":
      return decision?.type === "SetLabels";
    case "RunFailing":
      return decision?.type === "BeginFailing";
    case "RunCompleted":
      return decision?.type === "CompleteRun";
    case "RunFailed":
      return decision?.type === "FailRun";
    case "RunCancelled":
      return decision?.type === "FinishCancel";
    default:
      return false;
  }
}

export function describeEvent(event: RunEvent): string {
  switch (event.type) {
    case "JobScheduled":
      return `JobScheduled ${event.jobType} (${event.jobId}${event.compensationId ? `, undo ${event.compensationId}` : ""})`;
    case "TimerSet":
      return `TimerSet (${event.timerId})`;
    case "SignalAwaited":
      return `SignalAwaited ${event.name} (${event.waitId})`;
    case "SignalWaitAbandoned":
      return `SignalWaitAbandoned (${event.waitId})`;
    case "CompensationRegistered":
      return `CompensationRegistered ${event.jobType} (${event.compensationId})`;
    default:
      return event.type;
  }
}

export function describeDecision(decision: RunDecision | undefined): string {
  switch (decision?.type) {
    case undefined:
      return "asks for nothing";
    case "ScheduleJob": {
      const undo = decision.compensationId ? `, undo ${decision.compensationId}` : "";
      return `asks for the job ${decision.jobType} (${decision.jobId}${undo})`;
    }
    case "SetTimer":
      return `asks for a timer (${decision.timerId})`;
    case "CancelTimer":
      return `cancels the timer ${decision.timerId}`;
    case "AwaitSignal":
      return `waits for the signal ${decision.name} (${decision.waitId})`;
    case "AbandonSignalWait":
      return `waits no more for the signal of ${decision.waitId}`;
    case "RegisterCompensation":
      return `registers the compensation ${decision.jobType} (${decision.compensationId})`;
    case "SetLabels":
      return "sets labels";
    case "RecordVersion":
      return `asks for version ${decision.version} of ${decision.changeId}`;
    case "CompleteRun":
      return "returns";
    case "BeginFailing":
      return `fails with ${decision.failure.name}`;
    case "FailRun":
      return "ends the run as failed";
    case "FinishCancel":
      return "ends the run as cancelled";
    case "GetStuck":
      return "gets stuck";
  }
}
