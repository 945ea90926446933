import { z } from "zod";

const claims = z.object({
  exp: z.number().optional().catch(undefined),
  sub: z.string().optional().catch(undefined),
});

/** When a JSON Web Token ends, ms since the epoch; `undefined` for one that doesn't, or that is something else. */
export function expiryOf(token: string): number | undefined {
  const exp = claimsOf(token)?.exp;
  return exp === undefined ? undefined : exp * 1_000;
}

/** What a JSON Web Token says of itself; `undefined` for what is none. Nothing of it is proven here. */
export function claimsOf(token: string): z.output<typeof claims> | undefined {
  const [, payload] = token.split(".");
  if (payload === undefined) return undefined;
  try {
    return claims.safeParse(JSON.parse(Buffer.from(payload, "base64url").toString())).data;
  } catch {
    return undefined;
  }
}
