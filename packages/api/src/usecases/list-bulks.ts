import { z } from "zod";
import { bulkWorkflow } from "../bulk/built-in.ts";
import { bulkInputOf, bulkView } from "../bulk/fold-bulk.ts";
import type { Context } from "../context.ts";
import { freshnessNow } from "../freshness.ts";
import { cursor, limit } from "../inputs.ts";
import type { BulkList } from "../views.ts";

export const ListBulks = z.object({ cursor, limit: limit(500, 25) }).prefault({});

export function listBulks(
  { readModel, feed, earlier, cursors }: Context,
  { cursor, limit }: z.infer<typeof ListBulks>,
): BulkList {
  const filter = { workflow: bulkWorkflow };
  const page = cursors.page({ filter, cursor, limit }, (query) => readModel.listRuns(query));
  const bulks = page.runs.flatMap((summary) => {
    const run = readModel.run(summary.runId);
    const input = run === undefined ? undefined : bulkInputOf(run);
    return input === undefined ? [] : [bulkView(summary, input, run?.startedBy ?? "")];
  });
  return {
    bulks,
    ...(page.cursor !== undefined && { cursor: page.cursor }),
    count: page.count,
    freshness: freshnessNow({ feed, earlier }),
  };
}
