import { owedStandings } from "@downbeat/read-model";
import { z } from "zod";
import type { Context } from "../context.ts";
import { freshnessNow } from "../freshness.ts";
import { amountPath, cursor, limit } from "../inputs.ts";
import { mayKnowAmount } from "../permissions/amounts.ts";
import type { OwedList } from "../views.ts";

export const ListOwed = z
  .object({
    standing: z.array(z.enum(owedStandings)).min(1).max(3).optional(),
    jobType: z.string().max(100).optional(),
    workflow: z.string().max(100).optional(),
    amount: amountPath.optional(),
    cursor,
    limit: limit(500, 50),
  })
  .prefault({});

/** @throws ApiError for one who asks for a number in a payload and may not see payloads */
export function listOwed(context: Context, input: z.infer<typeof ListOwed>): OwedList {
  mayKnowAmount(context, input.amount);
  const { readModel, feed, earlier, cursors } = context;
  const page = cursors.page(input, (query) => readModel.owed(query));
  const freshness = freshnessNow({ feed, earlier });
  const countIsLowerBound = page.countIsLowerBound || freshness.earlier?.openRunsKnown === false;
  return { ...page, countIsLowerBound, freshness };
}
