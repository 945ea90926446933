import type { TimerKind, TimerView } from "@downbeat/api/views";
import { AlarmClock, BellRing, Hourglass, type LucideIcon, RotateCcw } from "lucide-react";
import type { PersonVerb } from "../actions/target.ts";

interface KindLook {
  /** Of the filter. */
  readonly word: string;
  readonly icon: LucideIcon;
}

export const kindLooks: Readonly<Record<TimerKind, KindLook>> = {
  sleep: { word: "Sleeps", icon: AlarmClock },
  signal: { word: "Waits for signals", icon: BellRing },
  backOff: { word: "Back-offs", icon: RotateCcw },
  deadline: { word: "Deadlines", icon: Hourglass },
};

/** What time will do, in words. */
export function comingWords({ kind, name = "", attempt = 0, maxAttempts, unbegun }: TimerView): string {
  switch (kind) {
    case "sleep":
      return "The sleep ends and the run goes on";
    case "signal":
      return `The wait for ${name} ends without the signal`;
    case "backOff":
      return `${name} is tried again: attempt ${attempt + 1}${maxAttempts === undefined ? "" : ` of ${maxAttempts}`}`;
    case "deadline":
      return unbegun === true
        ? `${name} times out unless a worker begins attempt ${attempt}`
        : `Attempt ${attempt} of ${name} times out unless it answers`;
  }
}

/** By kind, what the three things that can be done are. */
export const fireVerb: Readonly<Record<TimerKind, PersonVerb>> = {
  sleep: "fireTimer",
  signal: "fireTimer",
  backOff: "runJobNow",
  deadline: "timeOutJob",
};

export const postponeVerb: Readonly<Record<TimerKind, PersonVerb | undefined>> = {
  sleep: "postponeTimer",
  signal: "postponeTimer",
  backOff: "postponeRetry",
  deadline: undefined,
};

export const cancelVerb: Readonly<Record<TimerKind, PersonVerb | undefined>> = {
  sleep: undefined,
  signal: "liftTimeout",
  backOff: "cancelJob",
  deadline: "cancelJob",
};

export const whyNoPostpone =
  "A job’s deadline can’t be postponed: its worker got it with the attempt, and enforces it too.";
export const whyNoCancel =
  "A sleep can’t be cancelled: the run would never go on. Fire it now, postpone it, or cancel the run.";
