import { z } from "zod";
import type { Context } from "../context.ts";
import { requireAccountDesk } from "./require-account-desk.ts";

/** Longer ones are refused with a sentence of their own. */
const typed = z.string().max(1_000, "much too long for a password");

export const ChangePassword = z.object({ current: typed, wanted: typed });

export async function changePassword(
  context: Context,
  given: z.infer<typeof ChangePassword>,
): Promise<{ readonly changed: true }> {
  await requireAccountDesk(context).changePassword(given);
  return { changed: true };
}
