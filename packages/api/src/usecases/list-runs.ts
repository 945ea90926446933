import type { ListedRuns } from "@downbeat/history";
import { z } from "zod";
import type { Context } from "../context.ts";
import { freshnessOf } from "../freshness.ts";
import { cursor, limit, runFilter } from "../inputs.ts";
import type { RunList } from "../views.ts";

export const ListRuns = z
  .object({ filter: runFilter.default({}), cursor, limit: limit(500, 50) })
  .prefault({});

/** Takes a while where a page goes back to before the read model begins. */
export async function listRuns(context: Context, input: z.infer<typeof ListRuns>): Promise<RunList> {
  const began = performance.now();
  const { readModel, earlier, actor, signal = new AbortController().signal } = context;
  const { origin, ...page } = await context.cursors.pageLater<typeof input, ListedRuns>(
    input,
    async (query) => earlier?.runs.list(query, { who: actor, signal }) ?? readModel.listRuns(query),
  );
  return { ...page, freshness: freshnessOf(context, began, origin) };
}
