import { z } from "zod";
import type { Context } from "../context.ts";
import { requireAccountDesk } from "./require-account-desk.ts";
import { typedPassword } from "./typed-password.ts";

export const ChangePassword = z.object({ current: typedPassword, wanted: typedPassword });

export async function changePassword(
  context: Context,
  given: z.infer<typeof ChangePassword>,
): Promise<{ readonly changed: true }> {
  await requireAccountDesk(context).changePassword(given);
  return { changed: true };
}
