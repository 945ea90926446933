import { longestTokenMs, tokenName } from "@downbeat/protocol";
import { z } from "zod";
import type { Context } from "../context.ts";
import { roles } from "../permissions/policy.ts";
import type { TokenMade } from "../views.ts";
import { requireTokenDesk } from "./require-token-desk.ts";

export const AddToken = z.object({
  name: tokenName,
  role: z.enum(roles),
  /** ms */
  lastsMs: z.number().int().min(60_000, "a minute at least").max(longestTokenMs, "a year (366 days) at most"),
});

export async function addToken(context: Context, wanted: z.infer<typeof AddToken>): Promise<TokenMade> {
  return requireTokenDesk(context).add(wanted);
}
