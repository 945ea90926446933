import { z } from "zod";
import type { Context } from "../context.ts";
import { limit } from "../inputs.ts";
import type { LabelSuggestions } from "../views.ts";

export const SuggestLabels = z.object({
  key: z.string().min(1).max(60).optional(),
  beginning: z.string().max(200).optional(),
  limit: limit(100, 20),
});

/** Beyond so many that begin alike nobody looks. */
const mostRead = 10_000;

/** As many as are wanted of those that may be seen: were masked ones left out of the first so many, a gap would tell that one of them begins so. */
export function suggestLabels(
  {
    readModel,
    masking,
  }: Pick<Context, "masking"> & { readonly readModel: Pick<Context["readModel"], "suggestLabels"> },
  input: z.infer<typeof SuggestLabels>,
): LabelSuggestions {
  const { key } = input;
  if (key === undefined) return { texts: readModel.suggestLabels(input) };
  for (let read = input.limit; ; read = Math.min(mostRead, 4 * read)) {
    const found = readModel.suggestLabels({ ...input, limit: read });
    const texts = found.filter((value) => !masking.masksLabel(key, value)).slice(0, input.limit);
    if (texts.length === input.limit || found.length < read || read === mostRead) return { texts };
  }
}
