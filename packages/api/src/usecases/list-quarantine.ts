import { z } from "zod";
import type { Context } from "../context.ts";
import { freshnessNow } from "../freshness.ts";
import { limit } from "../inputs.ts";
import type { QuarantineList } from "../views.ts";

export const ListQuarantine = z.object({ limit: limit(500, 100) }).prefault({});

export function listQuarantine(
  { readModel, feed, earlier }: Context,
  input: z.infer<typeof ListQuarantine>,
): QuarantineList {
  return { ...readModel.quarantine(input.limit), freshness: freshnessNow({ feed, earlier }) };
}
