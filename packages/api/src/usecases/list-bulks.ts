import { z } from "zod";
import { bulkWorkflow } from "../bulk/built-in.ts";
import { bulkInputOf, bulkView } from "../bulk/fold-bulk.ts";
import type { Context } from "../context.ts";
import { findEvents } from "../events-elsewhere.ts";
import { freshnessNow } from "../freshness.ts";
import { cursor, limit } from "../inputs.ts";
import type { BulkList } from "../views.ts";

export const ListBulks = z.object({ cursor, limit: limit(500, 25) }).prefault({});

export async function listBulks(
  context: Context,
  { cursor, limit }: z.infer<typeof ListBulks>,
): Promise<BulkList> {
  const { readModel, feed, earlier, cursors } = context;
  const filter = { workflow: bulkWorkflow };
  const page = cursors.page({ filter, cursor, limit }, (query) => readModel.listRuns(query));
  // What was asked for is known by the first event, which may have left the read model.
  await Promise.all(
    page.runs
      .filter(({ runId }) => readModel.missing(runId) !== undefined)
      .map(({ runId }) => findEvents(context, runId)),
  );
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
