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
  { readModel, masking }: Context,
  input: z.infer<typeof SuggestLabels>,
): LabelSuggestions {
  const { key } = input;
  const texts = readModel.suggestLabels(input);
  return { texts: key === undefined ? texts : texts.filter((value) => !masking.masksLabel(key, value)) };
}
