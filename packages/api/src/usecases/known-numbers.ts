import { z } from "zod";
import type { Context } from "../context.ts";
import { knownAmounts } from "../permissions/amounts.ts";
import type { KnownNumbers } from "../views.ts";

export const KnownNumbersInput = z.object({ workflow: z.string().max(100).optional() }).prefault({});

/** What runs can be broken down by, and which of their numbers the person may have summed. */
export function knownNumbers(context: Context, input: z.infer<typeof KnownNumbersInput>): KnownNumbers {
  const { numbers, labels } = context.readModel.knownNumbers(input);
  return { labels, numbers: knownAmounts(context, numbers) };
}
