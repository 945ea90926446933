import type { Context } from "../context.ts";
import { requireAccountDesk } from "./require-account-desk.ts";

export async function endOtherSessions(context: Context): Promise<{ readonly ended: number }> {
  return { ended: await requireAccountDesk(context).endOthers() };
}
