import type { AccountDesk } from "../account/account-desk.ts";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";

type Asker = Pick<Context, "account" | "signedIn">;

/** Why somebody has nothing to keep here; `undefined` if they have. */
export function noAccountFor({ account, signedIn }: Asker): string | undefined {
  if (signedIn === undefined) return "Nobody signs in at this server, so there are no sessions.";
  return account === undefined
    ? "This is for people who are signed in at the dashboard: a token has no session."
    : undefined;
}

/** @throws ApiError where nobody signs in, or a token asks */
export function requireAccountDesk(asker: Asker): AccountDesk {
  const { account, signedIn } = asker;
  if (account !== undefined) return account;
  throw new ApiError(signedIn === undefined ? "badInput" : "forbidden", noAccountFor(asker) ?? "");
}
