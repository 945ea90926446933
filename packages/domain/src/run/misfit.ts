import { has } from "../ordered-map.ts";
import type { RunEvent } from "./events.ts";
import type { RunState } from "./state.ts";

/** What must be known of a run to say whether events can follow. Engine and read model keep it in different shapes. */
export interface Standing {
  /** Number of the last event. */
  readonly seq: number;
  /** Of a run that is set aside: it was open at its last good event. */
  readonly isOpen: boolean;
  /** Only its repair follows. */
  readonly isSetAside: boolean;
  /** When it ended, ms since the epoch, if it did and is not set aside. */
  readonly closedAt?: number | undefined;
  hasOpenJob(jobId: string): boolean;
}

/** `undefined` for a run that is not known. */
export function standingOf(state: RunState | undefined): Standing | undefined {
  if (state === undefined) return undefined;
  const good = state.status === "damaged" ? state.good : state;
  const open = good?.status === "running" ? good : undefined;
  return {
    seq: state.seq,
    isOpen: open !== undefined,
    isSetAside: state.status === "damaged",
    closedAt: "closedAt" in state ? state.closedAt : undefined,
    hasOpenJob: (jobId) => open !== undefined && has(open.jobs, jobId),
  };
}

/** One run's part of an accepted record, as far as it can be read. */
export interface Step {
  /** Number of the first event, from 1. */
  readonly seq: number;
  readonly events: readonly RunEvent[];
  /** Why not all of its events can be read. */
  readonly flaw?: string;
}

/** For so long after its end a run is known to every engine, and a start with its id is refused, whatever the retention of history. */
export const shortestKnownMs = 86_400_000;

/**
 * Whether a run begins again whose id another had before: retention has removed that one, and also what was left of it, for whoever decided. Another reader
 * may still know it: for that one it is a run that is not known.
 */
export function startsAnew(standing: Standing | undefined, { seq, events }: Step, at: number): boolean {
  const closedAt = standing?.closedAt;
  if (closedAt === undefined || seq !== 1 || events[0]?.type !== "RunStarted") return false;
  return at - closedAt >= shortestKnownMs;
}

/**
 * Whether all that it says is that something was refused of a run that ended long ago, and it doesn't follow what is known of that: retention removes a
 * run's history before what was refused after its end, and some of that before the rest. It changes nothing.
 */
export function isLateRefusal(
  standing: Standing | undefined,
  { seq, events, flaw }: Step,
  at: number,
): boolean {
  if (flaw !== undefined || seq <= 1 || events.length === 0) return false;
  if (!events.every(({ type }) => type === "CommandRefused")) return false;
  const isKnown = standing !== undefined && (standing.seq > 0 || standing.isSetAside);
  if (!isKnown) return true;
  return (
    standing.closedAt !== undefined && at - standing.closedAt >= shortestKnownMs && seq !== standing.seq + 1
  );
}

/**
 * Rule 2. The one rule for what of an accepted record is left out, for every reader alike: a part whose events can't be read, don't begin where the
 * run's history ends, or can't follow what is there is left out as a whole, and its run is set aside; so is everything that comes for that run until its
 * repair.
 *
 * @param standing `undefined` for a run that is not known
 * @returns what was found, in a sentence without its stop; `undefined` when the events follow
 */
export function misfit(standing: Standing | undefined, step: Step): string | undefined {
  const { seq, events, flaw } = step;
  if (flaw !== undefined) return flaw;
  const [first] = events;
  if (first === undefined) return "a part of a record holds no events";
  const last = standing?.seq ?? 0;
  if (first.type === "RunRepaired") {
    if (standing?.isSetAside !== true || seq !== last + 1) return "RunRepaired can follow only damage";
    const isOpen = first.outcome === "cut" && standing.isOpen;
    return impossibleEvent({ ...standing, isOpen }, events.slice(1), seq + 1);
  }
  if (standing?.isSetAside === true) return "it came after the damage";
  if (seq !== last + 1) {
    if (last === 0) return `its beginning is not in the log: the first event there is number ${seq}`;
    if (seq <= last) return `event ${seq} is there twice: ${first.type} comes after event ${last}`;
    return seq === last + 2 ? `event ${last + 1} is missing` : `events ${last + 1} to ${seq - 1} are missing`;
  }
  return impossibleEvent(standing, events, seq);
}

function impossibleEvent(
  standing: Standing | undefined,
  events: readonly RunEvent[],
  firstSeq: number,
): string | undefined {
  let isKnown = standing !== undefined && (standing.seq > 0 || standing.isSetAside);
  let isOpen = standing?.isOpen ?? false;
  /** What the events themselves did to jobs. */
  let jobs: Map<string, boolean> | undefined;
  const isOpenJob = (jobId: string) => jobs?.get(jobId) ?? standing?.hasOpenJob(jobId) ?? false;
  let number = firstSeq - 1;
  for (const event of events) {
    number += 1;
    if (event.type === "RunStarted") {
      if (isKnown) return `event ${number}: the run starts a second time`;
      isKnown = true;
      isOpen = true;
      continue;
    }
    if (!isKnown) return `event ${number}: ${event.type} comes before the run's start`;
    if (event.type === "CommandRefused") continue;
    if (!isOpen) return `event ${number}: ${event.type} can't follow the run's end`;
    switch (event.type) {
      case "RunCompleted":
      case "RunFailed":
      case "RunCancelled":
      case "RunTerminated":
        isOpen = false;
        break;
      case "RunRepaired":
        return `event ${number}: RunRepaired can follow only damage`;
      case "JobScheduled":
        jobs ??= new Map();
        jobs.set(event.jobId, true);
        break;
      case "AttemptRequested":
      case "AttemptStarted":
      case "AttemptHeartbeat":
      case "AttemptFailed":
      case "JobStuck":
      case "JobRetried":
      case "BackOffSkipped":
      case "RetryPostponed":
        if (!isOpenJob(event.jobId)) return noJob(number, event);
        break;
      case "JobCompleted":
      case "JobRejected":
      case "JobFailed":
      case "JobCancelled":
      case "JobAbandoned":
        if (!isOpenJob(event.jobId)) return noJob(number, event);
        jobs ??= new Map();
        jobs.set(event.jobId, false);
        break;
      default:
    }
  }
  return undefined;
}

function noJob(number: number, event: RunEvent & { readonly jobId: string }): string {
  return `event ${number}: ${event.type} speaks of job ${event.jobId}, which is not open`;
}
