import type { JobStatus, ShownStatus } from "@downbeat/api/views";
import {
  Ban,
  CircleCheck,
  CircleDashed,
  CirclePlay,
  CircleQuestionMark,
  CircleX,
  Hourglass,
  type LucideIcon,
  OctagonAlert,
  OctagonX,
  Undo2,
} from "lucide-react";

/** Names of the colour tokens in globals.css. Red (`stuck`) is only for what needs a person. */
export type Tone = "running" | "waiting" | "stuck" | "completed" | "failed" | "ended";

export interface StatusLook {
  readonly word: string;
  readonly icon: LucideIcon;
  readonly tone: Tone;
  /** Said where there is room: what the status means. */
  readonly meaning: string;
}

/** Icon, word and colour of every run status: the only place that knows them. */
export const runStatus: Readonly<Record<ShownStatus, StatusLook>> = {
  running: { word: "Running", icon: CirclePlay, tone: "running", meaning: "Its code or a job is at work." },
  waiting: {
    word: "Waiting",
    icon: Hourglass,
    tone: "waiting",
    meaning: "Waits for a time, a signal, a worker or a next attempt.",
  },
  stuck: { word: "Stuck", icon: OctagonAlert, tone: "stuck", meaning: "Needs a person before it goes on." },
  completed: { word: "Completed", icon: CircleCheck, tone: "completed", meaning: "Ended with a result." },
  failed: { word: "Failed", icon: CircleX, tone: "failed", meaning: "Ended without a result." },
  cancelled: { word: "Cancelled", icon: Ban, tone: "ended", meaning: "Ended by a person, cleaned up." },
  terminated: {
    word: "Terminated",
    icon: OctagonX,
    tone: "ended",
    meaning: "Ended by a person at once, nothing cleaned up.",
  },
};

/** In the order in which people look for them. */
export const runStatuses = Object.keys(runStatus).filter(isShownStatus);

function isShownStatus(text: string): text is ShownStatus {
  return Object.hasOwn(runStatus, text);
}

/** Icon, word and colour of every job status, in the words of the runs. */
export const jobStatus: Readonly<Record<JobStatus, StatusLook>> = {
  scheduled: {
    word: "Scheduled",
    icon: CircleDashed,
    tone: "waiting",
    meaning: "No worker has reported to have started.",
  },
  running: { word: "Running", icon: CirclePlay, tone: "running", meaning: "A worker is at it." },
  backingOff: {
    word: "Backing off",
    icon: Hourglass,
    tone: "waiting",
    meaning: "Waits for its next attempt.",
  },
  stuck: { word: "Stuck", icon: OctagonAlert, tone: "stuck", meaning: "Out of attempts; needs a person." },
  completed: { word: "Completed", icon: CircleCheck, tone: "completed", meaning: "Ended with a result." },
  rejected: { word: "Refused", icon: CircleX, tone: "failed", meaning: "Refused for a business reason." },
  failed: { word: "Failed", icon: CircleX, tone: "failed", meaning: "Out of attempts." },
  cancelled: { word: "Cancelled", icon: Ban, tone: "ended", meaning: "Taken away before it ended." },
  abandoned: { word: "Abandoned", icon: Undo2, tone: "ended", meaning: "Its run ended before it did." },
};

/** A server newer than this page may know statuses that we don't: shown neutrally, under their own name. */
export function lookOfRun(status: string): StatusLook {
  return isShownStatus(status) ? runStatus[status] : unknownLook(status);
}

export function lookOfJob(status: string): StatusLook {
  return isJobStatus(status) ? jobStatus[status] : unknownLook(status);
}

function isJobStatus(text: string): text is JobStatus {
  return Object.hasOwn(jobStatus, text);
}

function unknownLook(status: string): StatusLook {
  return {
    word: "Unknown",
    icon: CircleQuestionMark,
    tone: "ended",
    meaning: `The server says “${status}”, which this page does not know. Reload it to get the newest one.`,
  };
}

export const isOpen = (status: string): boolean =>
  status === "running" || status === "waiting" || status === "stuck";
