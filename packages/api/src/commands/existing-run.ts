import { unknownRun } from "../api-error.ts";
import type { Context } from "../context.ts";

/** Refuses what is asked of a run that surely does not exist, so that a typing error leaves no trace in history. */
export function requireRun({ readModel, feed }: Context, runId: string): void {
  if (readModel.exists(runId)) return;
  // It may have begun before the read model does; the engine knows.
  if (readModel.beginning() !== undefined) return;
  // While the read model is behind, only the engine knows.
  if (feed.freshness().live) throw unknownRun(runId, readModel.removed(runId));
}
