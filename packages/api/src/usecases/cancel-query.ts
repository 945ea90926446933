import type { Context } from "../context.ts";

/** Of the person who asks: a query that another tab has running, too. */
export async function cancelQuery({ queries, actor }: Context): Promise<{ readonly wasRunning: boolean }> {
  return { wasRunning: await queries.cancel(actor) };
}
