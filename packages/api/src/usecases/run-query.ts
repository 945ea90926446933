import { z } from "zod";
import type { Context } from "../context.ts";
import { analyticsId, limit, querySql } from "../inputs.ts";
import type { QueryUpdate } from "../views.ts";

export const mostRows = 10_000;

export const RunQuery = z.object({ source: analyticsId, sql: querySql, maxRows: limit(mostRows, 1_000) });

/** What of a text was made by SQL itself can't be known: who may ask may have values revealed as well. */
export async function* runQuery(
  { queries, masking, actor, signal }: Context,
  { source, sql, maxRows }: z.infer<typeof RunQuery>,
): AsyncGenerator<QueryUpdate, void, void> {
  for await (const update of queries.run(queries.source(source), { sql, maxRows }, actor, signal))
    yield update.type === "answer" ? { ...update, answer: masking.table(update.answer) } : update;
}
