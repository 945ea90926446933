import { z } from "zod";
import type { Context } from "../context.ts";
import { requireAccountDesk } from "./require-account-desk.ts";
import { typedPassword } from "./typed-password.ts";

export const EndOtherSessions = z.object({ password: typedPassword.default("") });

export async function endOtherSessions(
  context: Context,
  { password }: z.infer<typeof EndOtherSessions>,
): Promise<{ readonly ended: number }> {
  return { ended: await requireAccountDesk(context).endOthers(password) };
}
