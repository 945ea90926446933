import { type Deadline, deadlineOf } from "../job/deadline.ts";
import type { OpenRun } from "./state.ts";

/** How long after a timer is due its wake-up message may still come before the owner fires it by itself. */
export const wakeUpGraceMs = 1_000;

/** Everything in the run that time alone will bring about. */
export function deadlines(run: OpenRun): Deadline[] {
  const all: Deadline[] = [];
  for (const job of Object.values(run.jobs)) {
    const deadline = deadlineOf(run.runId, job);
    if (deadline !== undefined) all.push(deadline);
  }
  for (const [timerId, { generation, dueAt }] of Object.entries(run.timers)) {
    const commandId = `deadline/${run.runId}/${timerId}/${generation}`;
    all.push({
      dueAt: dueAt + wakeUpGraceMs,
      command: { type: "FireTimer", commandId, runId: run.runId, timerId, generation },
    });
  }
  return all;
}
