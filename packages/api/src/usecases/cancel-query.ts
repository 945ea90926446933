import type { Context } from "../context.ts";

/** Of the person who asks: a query that another tab has running, too. */
export function cancelQuery({ queries, actor }: Context): { readonly wasRunning: boolean } {
  return { wasRunning: queries.cancel(actor) };
}
