import type { Decision } from "@downbeat/protocol";
import { refusedAction } from "../fold/action.ts";
import type { PendingRows } from "./pending-rows.ts";

/** Commands to runs that don't exist: rows of their own, and of the person whose action it was. */
export function addRefusals(
  pending: Pick<PendingRows, "refused" | "actions">,
  { runId, inputId, events }: Decision,
  at: number,
): void {
  for (const event of events) {
    if (event.type !== "CommandRefused") continue;
    const { command, code, message } = event;
    const json = JSON.stringify({ runId, inputId, at, command, code, message });
    pending.refused.push({ runId, inputId, at, json });
    const action = refusedAction(event, { seq: 0, at, inputId });
    if (action === undefined) continue;
    const { actionId } = action;
    pending.actions.push({ runId, actionId, at, json: JSON.stringify({ ...action, runId }) });
  }
}
