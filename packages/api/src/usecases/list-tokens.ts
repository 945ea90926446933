import type { Context } from "../context.ts";
import type { TokenList } from "../views.ts";
import { noTokensHere } from "./require-token-desk.ts";

export function listTokens({ tokens, now }: Context): TokenList {
  if (tokens === undefined)
    return { tokens: [], usesKnownSince: now(), now: now(), unavailable: noTokensHere };
  return { tokens: tokens.list(), usesKnownSince: tokens.usesKnownSince, now: now() };
}
