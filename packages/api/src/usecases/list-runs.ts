import type { ListedRuns } from "@downbeat/cold-history";
import { foldedLabel } from "@downbeat/domain";
import { z } from "zod";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import { freshnessOf } from "../freshness.ts";
import { cursor, limit, runFilter } from "../inputs.ts";
import { forbidden, may } from "../permissions/policy.ts";
import type { RunList, RunSummary } from "../views.ts";

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
  const runs = page.runs.filter((run) => isFoundByShown(context, run, input.filter));
  // Which runs are not shown is not to be told by their number.
  const count = Math.max(runs.length, page.count - (page.runs.length - runs.length));
  return { ...page, runs, count, freshness: freshnessOf(context, began, origin) };
}

/** What is found by something masked would tell what it is: a letter at a time. Whoever knows all of a label finds its run. */
function isFoundByShown(
  { readModel, masking }: Context,
  run: RunSummary,
  { text = "", content }: z.infer<typeof runFilter>,
): boolean {
  // In runs that are not in the read model was searched elsewhere, where nobody knows what is masked.
  if (content !== undefined && masking.mayMask(run.workflow) && !readModel.isListed(run.runId)) return false;
  const wanted = foldedLabel(text.trim());
  if (wanted === "" || !masking.mayMask(run.workflow)) return true;
  const begins = (term: string) => foldedLabel(term).startsWith(wanted);
  const { labels } = masking.shown(run);
  return (
    [run.runId, run.workflow, ...Object.values(labels)].some(begins) ||
    Object.values(run.labels).some((value) => foldedLabel(value) === wanted)
  );
}
