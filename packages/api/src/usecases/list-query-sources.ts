import type { Context } from "../context.ts";
import type { QuerySourceList } from "../views.ts";
import { mostRows } from "./run-query.ts";

export function listQuerySources({ queries }: Context): QuerySourceList {
  return { sources: queries.sources.map(({ about }) => about), mostRows };
}
