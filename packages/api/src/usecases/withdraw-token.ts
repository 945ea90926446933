import { z } from "zod";
import type { Context } from "../context.ts";
import { requireTokenDesk } from "./require-token-desk.ts";

export const WithdrawToken = z.object({ id: z.string().min(1).max(100) });

export async function withdrawToken(
  context: Context,
  { id }: z.infer<typeof WithdrawToken>,
): Promise<{ readonly withdrawn: true }> {
  await requireTokenDesk(context).withdraw(id);
  return { withdrawn: true };
}
