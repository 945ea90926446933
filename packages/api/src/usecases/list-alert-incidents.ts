import { BadCursor } from "@downbeat/read-model";
import { z } from "zod";
import type { Context } from "../context.ts";
import { cursor, limit } from "../inputs.ts";
import type { AlertIncidentList } from "../views.ts";

export const ListAlertIncidents = z.object({ cursor, limit: limit(500, 50) }).prefault({});

/** Newest first. */
export async function listAlertIncidents(
  { alerts, cursors }: Context,
  input: z.infer<typeof ListAlertIncidents>,
): Promise<AlertIncidentList> {
  const { incidents } = await alerts.forLooking();
  return cursors.page(input, ({ cursor, limit }) => {
    const last = cursor === undefined ? -1 : incidents.findIndex((one) => keyOf(one) === cursor);
    // Older ones are forgotten: what a page ended with may be.
    if (cursor !== undefined && last < 0) throw new BadCursor("The cursor is not one of this list any more.");
    const page = incidents.slice(last + 1, last + 1 + limit);
    const end = page.at(-1);
    const hasMore = end !== undefined && end !== incidents.at(-1);
    return { incidents: page, count: incidents.length, ...(hasMore && { cursor: keyOf(end) }) };
  });
}

function keyOf({ ruleId, number }: AlertIncidentList["incidents"][number]): string {
  return `${ruleId}/${number}`;
}
