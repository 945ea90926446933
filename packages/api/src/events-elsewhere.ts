import type { Context } from "./context.ts";
import type { AnswerSource, MissingEvents } from "./views.ts";

export interface Elsewhere {
  /** Where the first events came from, when not from the read model. */
  readonly origin?: AnswerSource;
  /** Those that could not be found. */
  readonly missing?: MissingEvents;
}

/** Sees to it that the read model has the run's events, those included that have left it. Takes as long as finding them. */
export async function findEvents(
  { lookups, readModel, actor, signal }: Pick<Context, "lookups" | "readModel" | "actor" | "signal">,
  runId: string,
): Promise<Elsewhere> {
  const why = await lookups.find(runId, { who: actor, signal });
  const count = why === undefined ? 0 : (readModel.missing(runId)?.seq ?? 0);
  const origin = readModel.origin(runId);
  return {
    ...(origin !== undefined && { origin }),
    ...(why !== undefined && count > 0 && { missing: { count, why } }),
  };
}
