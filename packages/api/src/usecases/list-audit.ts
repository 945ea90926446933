import { auditOutcomes } from "@downbeat/protocol";
import { BadCursor } from "@downbeat/read-model";
import { z } from "zod";
import type { Context } from "../context.ts";
import { cursor, limit, time } from "../inputs.ts";
import type { AuditList } from "../views.ts";

export const ListAudit = z
  .object({
    who: z.string().min(1).max(200).optional(),
    verb: z.array(z.string().min(1).max(100)).min(1).max(50).optional(),
    on: z.string().min(1).max(500).optional(),
    outcome: z.array(z.enum(auditOutcomes)).min(1).max(4).optional(),
    from: time.optional(),
    to: time.optional(),
    text: z.string().min(1).max(200).optional(),
    cursor,
    limit: limit(500, 100),
  })
  .prefault({});

/** Newest first, in the order of the log. */
export function listAudit(
  { audit, cursors }: Context,
  { limit, cursor, ...filter }: z.infer<typeof ListAudit>,
): Promise<AuditList> {
  return cursors.pageLater({ cursor }, async ({ cursor }) => {
    const { next, ...page } = await audit.list(filter, limit, placeOf(cursor));
    return { ...page, ...(next !== undefined && { cursor: String(next) }) };
  });
}

function placeOf(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw new BadCursor("The cursor is not one of this list.");
}
