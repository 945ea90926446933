import { z } from "zod";
import type { Context } from "../context.ts";
import { analyticsId, limit, querySql } from "../inputs.ts";
import type { QueryUpdate } from "../views.ts";

export const mostRows = 10_000;

export const RunQuery = z.object({ source: analyticsId, sql: querySql, maxRows: limit(mostRows, 1_000) });

export function runQuery(
  { queries, actor, signal }: Context,
  { source, sql, maxRows }: z.infer<typeof RunQuery>,
): AsyncGenerator<QueryUpdate, void, void> {
  return queries.run(queries.source(source), { sql, maxRows }, actor, signal);
}
