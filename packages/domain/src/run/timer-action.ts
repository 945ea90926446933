import { accepted, type Outcome, rejected } from "../outcome.ts";
import { latestTime, wholeTime } from "../time-limits.ts";
import type { Postponement, RunCommand } from "./commands.ts";
import type { RunEvent } from "./events.ts";
import { openTimer } from "./open.ts";
import type { OpenRun } from "./state.ts";

/** What has happened in the run, in its order: at least up to what is decided about. */
export type Past = readonly { readonly seq: number; readonly at: number; readonly event: RunEvent }[];

type TimerAction = Extract<RunCommand, { type: "FireTimerNow" | "PostponeTimer" | "LiftTimeout" }>;

/** What a person does to a sleep, or to the time-out of a wait for a signal. */
export function decideTimerAction(run: OpenRun, command: TimerAction, at: number, past: Past): Outcome {
  const { timerId, action } = command;
  const timer = openTimer(run, timerId);
  if (timer === undefined) return notWaiting(run, timerId, past);
  const { generation, waitId } = timer;
  switch (command.type) {
    case "FireTimerNow": {
      // Only this one, whatever else is due before: that is what was asked for.
      const fired = { type: "TimerFired", timerId, generation, action } as const;
      if (waitId === undefined) return accepted(fired);
      return accepted(fired, { type: "SignalWaitEnded", waitId, because: "timeout" });
    }
    case "PostponeTimer": {
      // Rule 24: the new moment is a generation of its own.
      const dueAt = postponed(timer.dueAt, command, at);
      if (typeof dueAt === "string") return rejected("TimeNotAhead", dueAt);
      return accepted({ type: "TimerPostponed", timerId, generation: generation + 1, dueAt, action });
    }
    case "LiftTimeout":
      // Rule 25: the wait stays, its timer goes; a wake-up of it finds nothing.
      if (waitId === undefined) return rejected("TimerNeeded", neededMessage);
      return accepted({ type: "TimerCancelled", timerId, generation, action });
  }
}

const neededMessage =
  "A sleep can't be cancelled: the run would never go on. Fire it now, postpone it, or cancel the run.";

/** When it is due then, or in a sentence why it can't be. */
export function postponed(dueAt: number, { until, byMs }: Postponement, at: number): number | string {
  if ((until === undefined) === (byMs === undefined)) return "Say until when, or by how long, and not both.";
  const moved = until ?? wholeTime(dueAt + (byMs ?? 0));
  if (!Number.isInteger(moved) || moved > latestTime)
    return `A time is a whole number of ms until ${moment(latestTime)}.`;
  return moved > at ? moved : `${moment(moved)} is not ahead: it is ${moment(at)}.`;
}

function notWaiting(run: OpenRun, timerId: string, past: Past): Outcome {
  const end = past.findLast(
    ({ seq, event }) =>
      seq <= run.seq &&
      (event.type === "TimerFired" || event.type === "TimerCancelled") &&
      event.timerId === timerId,
  );
  if (end === undefined || !("timerId" in end.event))
    return rejected("UnknownTimer", `The run has no timer ${timerId}.`);
  const by = "action" in end.event && end.event.action !== undefined ? ` by ${end.event.action.actor}` : "";
  const how = end.event.type === "TimerFired" ? (by === "" ? "fired" : "was fired") : "was cancelled";
  return rejected("TimerOver", `The timer is over: it ${how} at ${moment(end.at)}${by}.`);
}

/** In UTC: whoever shows it may put it into the reader's own words. */
export function moment(ms: number): string {
  // biome-ignore lint/style/noRestrictedGlobals: it writes a time that is given, and reads no clock
  return new Date(ms).toISOString();
}
