import { z } from "zod";
import type { Context } from "../context.ts";
import { limit } from "../inputs.ts";
import type { LabelSuggestions } from "../views.ts";

export const SuggestLabels = z.object({
  key: z.string().min(1).max(60).optional(),
  beginning: z.string().max(200).optional(),
  limit: limit(100, 20),
});

export function suggestLabels(
  { readModel }: Context,
  input: z.infer<typeof SuggestLabels>,
): LabelSuggestions {
  return { texts: readModel.suggestLabels(input) };
}
