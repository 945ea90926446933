import { readFileSync, readlinkSync } from "node:fs";
import type { Worker } from "node:worker_threads";

const ticksASecond = 100;

/** What a thread has spent, and whether it sleeps. */
export interface ThreadTime {
  readonly ownMs: number;
  readonly isAsleep: boolean;
}

/** Called in a thread: where the system keeps account of it. `undefined` elsewhere than on Linux. */
export function accountOfThread(): string | undefined {
  try {
    return `/proc/${readlinkSync("/proc/thread-self")}/stat`;
  } catch {
    return undefined;
  }
}

/**
 * The thread's own processor time where the system tells, without asking the thread. Elsewhere the time in which its event loop was busy: on a machine that
 * gives it no processor that is more.
 */
export function timeOfThread(worker: Worker, account: string | undefined): ThreadTime {
  const stat = account === undefined ? undefined : read(account);
  if (stat === undefined) return { ownMs: worker.performance.eventLoopUtilization().active, isAsleep: false };
  // The name stands in brackets and may hold anything; what is wanted comes after it.
  const [state, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(rest[10]) + Number(rest[11]);
  return { ownMs: (ticks * 1_000) / ticksASecond, isAsleep: state === "S" || state === "D" };
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return undefined;
  }
}
