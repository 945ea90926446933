import type { RunFold } from "../fold/run-fold.ts";
import type { ShownStatus, TimelineRow } from "../views.ts";

/** In the order of their numbers in the read model's tables: append only. */
export const shownStatuses = [
  "running",
  "waiting",
  "stuck",
  "completed",
  "failed",
  "cancelled",
  "terminated",
] as const satisfies readonly ShownStatus[];

export const openStatuses: readonly ShownStatus[] = ["running", "waiting", "stuck"];

/** A run that is set aside waits for a person, whatever it was. An open run waits when everything that is open in it is a timer, a signal or a back-off: nothing is being done for it. */
export function shownStatus(run: RunFold): ShownStatus {
  if (run.damaged?.isNewer === false) return "stuck";
  if (run.status !== "running") return run.status === "damaged" ? "stuck" : run.status;
  if (run.stuck !== undefined) return "stuck";
  let open = 0;
  let idle = 0;
  for (const row of run.rows.values()) {
    if (!isOpen(row)) continue;
    if (row.kind === "job" && row.status === "stuck") return "stuck";
    open++;
    if (row.kind !== "job" || row.status === "backingOff") idle++;
  }
  return open > 0 && idle === open ? "waiting" : "running";
}

/** A buffered signal waits for the code, not the code for it. */
export function isOpen(row: TimelineRow): boolean {
  return row.to === undefined && row.status !== "buffered";
}

export function zeroCounts(): Record<ShownStatus, number> {
  return { running: 0, waiting: 0, stuck: 0, completed: 0, failed: 0, cancelled: 0, terminated: 0 };
}
