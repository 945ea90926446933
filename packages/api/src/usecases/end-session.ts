import { z } from "zod";
import type { Context } from "../context.ts";
import { requireAccountDesk } from "./require-account-desk.ts";

export const EndSession = z.object({ session: z.string().min(1).max(100) });

export async function endSession(
  context: Context,
  { session }: z.infer<typeof EndSession>,
): Promise<{ readonly ended: 1 }> {
  await requireAccountDesk(context).endSession(session);
  return { ended: 1 };
}
