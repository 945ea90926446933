import { z } from "zod";

/** What a token is for, as history names it. */
export const tokenName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._@-]{0,39}$/, "lowercase letters, digits and . _ @ - only, 40 at most");

/** ms; no token is good for longer. */
export const longestTokenMs = 366 * 86_400_000;
