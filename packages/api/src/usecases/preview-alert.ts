import { alertRule } from "@downbeat/protocol";
import { z } from "zod";
import { measure } from "../alerts/measure.ts";
import { conditionWords } from "../alerts/words.ts";
import type { Context } from "../context.ts";
import type { AlertPreview } from "../views.ts";

export const PreviewAlert = z.object({ condition: alertRule.shape.condition });

/** What a rule would say now. */
export async function previewAlert(
  context: Context,
  { condition }: z.infer<typeof PreviewAlert>,
): Promise<AlertPreview> {
  return { words: conditionWords(condition), ...(await measure(context, condition)) };
}
