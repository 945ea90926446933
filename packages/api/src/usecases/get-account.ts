import type { Context } from "../context.ts";
import type { OwnAccount } from "../views.ts";
import { noAccountFor } from "./require-account-desk.ts";

const nothing = { sessions: [], mostSessions: 0, confirmBy: "nothing" } as const;

export async function getAccount(context: Context): Promise<OwnAccount> {
  const { account, now } = context;
  const unavailable = noAccountFor(context);
  if (account === undefined)
    return { ...nothing, now: now(), ...(unavailable !== undefined && { unavailable }) };
  const { mostSessions, confirmBy } = account;
  return { sessions: await account.sessions(), mostSessions, confirmBy, now: now() };
}
