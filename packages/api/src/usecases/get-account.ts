import type { Context } from "../context.ts";
import type { OwnAccount } from "../views.ts";
import { noAccountFor } from "./require-account-desk.ts";

export async function getAccount(context: Context): Promise<OwnAccount> {
  const { account, now } = context;
  const unavailable = noAccountFor(context);
  if (account === undefined)
    return { sessions: [], mostSessions: 0, now: now(), ...(unavailable !== undefined && { unavailable }) };
  return { sessions: await account.sessions(), mostSessions: account.mostSessions, now: now() };
}
