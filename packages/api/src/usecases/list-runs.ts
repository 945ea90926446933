import type { ListedRuns } from "@downbeat/cold-history";
import { z } from "zod";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import { freshnessOf } from "../freshness.ts";
import { cursor, limit, runFilter } from "../inputs.ts";
import { forbidden, may } from "../permissions/policy.ts";
import type { RunList } from "../views.ts";

export const ListRuns = z
  .object({ filter: runFilter.default({}), cursor, limit: limit(500, 50) })
  .prefault({});

/**
 * Takes a while where a page goes back to before the read model begins.
 *
 * @throws ApiError for one who looks for what a payload says and may not see payloads
 */
export async function listRuns(context: Context, input: z.infer<typeof ListRuns>): Promise<RunList> {
  const began = performance.now();
  // Which runs are found would tell what is in them.
  if (input.filter.content !== undefined && !may(context.role, "seePayloads"))
    throw new ApiError("forbidden", forbidden("seePayloads"));
  const { readModel, earlier, actor, signal = new AbortController().signal } = context;
  const { origin, ...page } = await context.cursors.pageLater<typeof input, ListedRuns>(
    input,
    async (query) => earlier?.runs.list(query, { who: actor, signal }) ?? readModel.listRuns(query),
  );
  return { ...page, freshness: freshnessOf(context, began, origin) };
}
