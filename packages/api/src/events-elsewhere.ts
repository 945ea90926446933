import { ApiError } from "./api-error.ts";
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
  if (!readModel.exists(runId)) return why === undefined ? {} : { missing: { count: 0, why } };
  const count = why === undefined ? 0 : (readModel.missing(runId)?.seq ?? 0);
  const origin = readModel.origin(runId);
  return {
    ...(origin !== undefined && { origin }),
    ...(why !== undefined && count > 0 && { missing: { count, why } }),
  };
}

/** Of a run that the read model does not have, while nobody can say whether there was one before it begins. */
export function notFoundElsewhere(runId: string, { why }: MissingEvents): ApiError {
  return new ApiError("unavailable", `Run ${runId} is not among those of the read model. ${why}`);
}
