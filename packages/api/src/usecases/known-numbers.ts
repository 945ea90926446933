import { isOfLabel } from "@downbeat/read-model";
import { z } from "zod";
import type { Context } from "../context.ts";
import { may } from "../permissions/policy.ts";
import type { KnownNumbers } from "../views.ts";

export const KnownNumbersInput = z.object({ workflow: z.string().max(100).optional() }).prefault({});

/** What runs can be broken down by, and which of their numbers the person may have summed. */
export function knownNumbers(
  { readModel, role }: Context,
  input: z.infer<typeof KnownNumbersInput>,
): KnownNumbers {
  const { numbers, labels } = readModel.knownNumbers(input);
  return { labels, numbers: may(role, "seePayloads") ? numbers : numbers.filter(isOfLabel) };
}
