import type { ListedRuns } from "@downbeat/history";
import { z } from "zod";
import type { Context } from "../context.ts";
import { freshnessOf } from "../freshness.ts";
import { cursor, defined, limit, shownStatus, time } from "../inputs.ts";
import type { RunList } from "../views.ts";

const filter = z
  .object({
    status: z.array(shownStatus).min(1).max(10).optional(),
    workflow: z.string().max(100).optional(),
    labels: z
      .record(z.string().max(60), z.string().max(200))
      .refine((labels) => Object.keys(labels).length <= 5, "at most 5 labels")
      .optional(),
    text: z.string().max(200).optional(),
    from: time.optional(),
    to: time.optional(),
    by: z.enum(["started", "ended"]).optional(),
  })
  .transform(defined);

export const ListRuns = z.object({ filter: filter.default({}), cursor, limit: limit(500, 50) }).prefault({});

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
