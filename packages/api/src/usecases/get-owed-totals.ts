import { z } from "zod";
import type { Context } from "../context.ts";
import { freshnessNow } from "../freshness.ts";
import { amountPath } from "../inputs.ts";
import { knownAmounts, mayKnowAmount } from "../permissions/amounts.ts";
import type { OwedTotals } from "../views.ts";

export const GetOwedTotals = z
  .object({ workflow: z.string().max(100).optional(), amount: amountPath.optional() })
  .prefault({});

/** @throws ApiError for one who asks for a number in a payload and may not see payloads */
export function getOwedTotals(context: Context, input: z.infer<typeof GetOwedTotals>): OwedTotals {
  const { readModel, feed, earlier } = context;
  mayKnowAmount(context, input.amount);
  const { amounts, ...totals } = readModel.owedTotals(input);
  const known = new Set(
    knownAmounts(
      context,
      amounts.map(({ path }) => path),
    ),
  );
  return {
    ...totals,
    amounts: amounts.filter(({ path }) => known.has(path)),
    freshness: freshnessNow({ feed, earlier }),
  };
}
