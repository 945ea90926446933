import { z } from "zod";
import type { Context } from "../context.ts";
import { requireAccountDesk } from "./require-account-desk.ts";
import { typedPassword } from "./typed-password.ts";

export const EndSession = z.object({
  session: z.string().min(1).max(100),
  password: typedPassword.default(""),
});

export async function endSession(
  context: Context,
  { session, password }: z.infer<typeof EndSession>,
): Promise<{ readonly ended: 1 }> {
  await requireAccountDesk(context).endSession(session, password);
  return { ended: 1 };
}
