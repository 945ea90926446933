import type { RunEventType } from "@downbeat/domain";
import {
  Ban,
  Bell,
  CircleCheck,
  CircleX,
  Clock,
  GitBranch,
  type LucideIcon,
  OctagonAlert,
  Play,
  RotateCcw,
  ShieldX,
  Tag,
  Undo2,
  UserRound,
  Zap,
} from "lucide-react";
import type { Tone } from "@/lib/status.ts";

export type EventGroup = "Run" | "Jobs" | "Waits" | "Compensation" | "Actions";

export interface EventLook {
  readonly group: EventGroup;
  readonly icon: LucideIcon;
  /** Colour only for what is worth finding while scrolling. */
  readonly tone?: Tone;
}

/** How each event type is shown and filtered. */
const eventLooks: Readonly<Record<RunEventType, EventLook>> = {
  RunStarted: { group: "Run", icon: Play },
  LabelsSet: { group: "Run", icon: Tag },
  VersionRecorded: { group: "Run", icon: GitBranch },
  RunCompleted: { group: "Run", icon: CircleCheck, tone: "completed" },
  RunFailing: { group: "Run", icon: CircleX, tone: "failed" },
  RunFailed: { group: "Run", icon: CircleX, tone: "failed" },
  RunCancelRequested: { group: "Actions", icon: UserRound, tone: "running" },
  RunCancelled: { group: "Run", icon: Ban },
  RunTerminated: { group: "Actions", icon: UserRound, tone: "running" },
  RunStuck: { group: "Run", icon: OctagonAlert, tone: "stuck" },
  CodeGivenUp: { group: "Run", icon: OctagonAlert, tone: "stuck" },
  CodeAnswered: { group: "Run", icon: Zap },
  CodeAskedAgain: { group: "Run", icon: RotateCcw },
  RunRepaired: { group: "Actions", icon: UserRound, tone: "running" },
  RunResumed: { group: "Actions", icon: UserRound, tone: "running" },
  JobScheduled: { group: "Jobs", icon: Zap },
  AttemptRequested: { group: "Jobs", icon: RotateCcw },
  AttemptStarted: { group: "Jobs", icon: Play },
  AttemptHeartbeat: { group: "Jobs", icon: Play },
  AttemptFailed: { group: "Jobs", icon: CircleX, tone: "failed" },
  JobAbandoned: { group: "Jobs", icon: Ban },
  JobCompleted: { group: "Jobs", icon: CircleCheck, tone: "completed" },
  JobRejected: { group: "Jobs", icon: CircleX, tone: "failed" },
  JobStuck: { group: "Jobs", icon: OctagonAlert, tone: "stuck" },
  JobFailed: { group: "Jobs", icon: CircleX, tone: "failed" },
  JobCancelled: { group: "Jobs", icon: Ban },
  JobRetried: { group: "Actions", icon: UserRound, tone: "running" },
  BackOffSkipped: { group: "Actions", icon: UserRound, tone: "running" },
  RetryPostponed: { group: "Actions", icon: UserRound, tone: "running" },
  TimerSet: { group: "Waits", icon: Clock },
  TimerPostponed: { group: "Actions", icon: UserRound, tone: "running" },
  TimerFired: { group: "Waits", icon: Clock },
  TimerCancelled: { group: "Waits", icon: Clock },
  SignalAwaited: { group: "Waits", icon: Bell },
  SignalReceived: { group: "Waits", icon: Bell },
  SignalDelivered: { group: "Waits", icon: Bell },
  SignalWaitEnded: { group: "Waits", icon: Bell },
  SignalWaitAbandoned: { group: "Waits", icon: Bell },
  CompensationRegistered: { group: "Compensation", icon: Undo2 },
  CommandRefused: { group: "Actions", icon: ShieldX, tone: "failed" },
};

const unknownLook: EventLook = { group: "Run", icon: Tag };

export function lookOfEvent(type: string): EventLook {
  return isKnown(type) ? eventLooks[type] : unknownLook;
}

function isKnown(type: string): type is RunEventType {
  return Object.hasOwn(eventLooks, type);
}

export const eventGroups: readonly EventGroup[] = ["Run", "Jobs", "Waits", "Compensation", "Actions"];

export function typesOfGroup(group: EventGroup): readonly string[] {
  return Object.entries(eventLooks).flatMap(([type, look]) => (look.group === group ? [type] : []));
}

/** What "failures" are, when only they are wanted. */
export const failureTypes: readonly string[] = [
  "AttemptFailed",
  "JobRejected",
  "JobStuck",
  "JobFailed",
  "RunStuck",
  "RunFailing",
  "RunFailed",
  "CommandRefused",
];
