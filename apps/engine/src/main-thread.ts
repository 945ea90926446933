import { readFileSync } from "node:fs";
import type { Look } from "./standstill.ts";

const ticksASecond = 100;

/** What the main thread has spent and whether it sleeps. Elsewhere than on Linux it is the whole process's time, which is never less. */
export function lookAtMainThread(): Omit<Look, "beat"> {
  const stat = statOfMainThread();
  if (stat === undefined) {
    const { user, system } = process.cpuUsage();
    return { ownMs: (user + system) / 1_000, isAsleep: false };
  }
  // The name stands in brackets and may hold anything; what is wanted comes after it.
  const [state, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(rest[10]) + Number(rest[11]);
  return { ownMs: (ticks * 1_000) / ticksASecond, isAsleep: state === "S" };
}

function statOfMainThread(): string | undefined {
  try {
    return readFileSync(`/proc/self/task/${process.pid}/stat`, "latin1");
  } catch {
    return undefined;
  }
}
