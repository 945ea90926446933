import { z } from "zod";
import type { Context } from "../context.ts";
import { freshnessNow } from "../freshness.ts";
import { cursor, limit } from "../inputs.ts";
import type { QuarantineList } from "../views.ts";

export const ListQuarantine = z.object({ cursor, limit: limit(500, 100) }).prefault({});

export function listQuarantine(
  { readModel, feed, earlier, cursors }: Context,
  input: z.infer<typeof ListQuarantine>,
): QuarantineList {
  return {
    ...cursors.page(input, (query) => readModel.quarantine(query)),
    freshness: freshnessNow({ feed, earlier }),
  };
}
