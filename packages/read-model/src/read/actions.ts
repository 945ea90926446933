import { jsonOf } from "../rows.ts";
import type { ActionView } from "../views.ts";
import type { ReadDatabase } from "./database.ts";
import type { RunHistories } from "./run-history.ts";

/** What came of a command, by the id it was sent with; `undefined` while history doesn't know of it. */
export function findAction(
  db: ReadDatabase,
  histories: RunHistories,
  runId: string,
  actionId: string,
): ActionView | undefined {
  const history = histories.get(runId);
  const known = history?.fold.actions.get(actionId);
  if (known !== undefined) return known;
  if (history?.fold.startId === actionId) {
    const { startedAt: at, startedBy: actor = "" } = history.fold;
    return { actionId, verb: "startRun", actor, reason: "", at, runId, outcome: { type: "accepted" } };
  }
  const row = db.get("SELECT json FROM actions WHERE run_id = ? AND action_id = ?", runId, actionId);
  return row === undefined ? undefined : jsonOf<ActionView>(row);
}
