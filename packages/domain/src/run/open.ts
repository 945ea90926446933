import type { OpenJob } from "../job/state.ts";
import { entries, get, size, values } from "../ordered-map.ts";
import type { OpenRun, OpenTimer, SignalWait } from "./state.ts";

/** The jobs that are not over, in the order in which the code asked for them. */
export function openJobs(run: OpenRun): OpenJob[] {
  return values(run.jobs);
}

export function openJob(run: OpenRun, jobId: string): OpenJob | undefined {
  return get(run.jobs, jobId);
}

export function openTimers(run: OpenRun): (OpenTimer & { readonly timerId: string })[] {
  return Array.from(entries(run.timers), ({ key, value }) => ({ timerId: key, ...value }));
}

export function openTimer(run: OpenRun, timerId: string): OpenTimer | undefined {
  return get(run.timers, timerId);
}

/** The waits for signals, the oldest first. */
export function openWaits(run: OpenRun): SignalWait[] {
  return values(run.waits);
}

/** How many things the code has open in the run, all together. */
export function openCount(run: OpenRun): number {
  return size(run.jobs) + size(run.timers) + size(run.waits) + run.compensationCount;
}
