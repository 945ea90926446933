import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import type { TokenDesk } from "../tokens/token-desk.ts";

export const noTokensHere = "Nobody signs in at this server, so nobody needs a token.";

/** @throws ApiError where nobody signs in, or a token asks for tokens */
export function requireTokenDesk({ tokens, signedIn }: Pick<Context, "tokens" | "signedIn">): TokenDesk {
  if (tokens === undefined) throw new ApiError("badInput", noTokensHere);
  // What it made would be there when it is withdrawn itself.
  if (signedIn?.by === "token")
    throw new ApiError("forbidden", "Only people make and withdraw tokens: a token does neither.");
  return tokens;
}
