import { jsonList } from "@downbeat/protocol";
import { z } from "zod";
import { passwordHash } from "./password.ts";

/** What people type to sign in. Lowercase letters only, so that nobody has another one's name in capitals. */
export const accountName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._@-]{0,59}$/, "lowercase letters, digits and . _ @ - only, 60 at most");

const account = z.strictObject({
  name: accountName,
  /** What people call them. */
  fullName: z.string().trim().min(1).max(200).optional(),
  groups: z.array(z.string().trim().min(1).max(200)).default([]),
  password: passwordHash,
  isDisabled: z.boolean().default(false),
  /** ms since 1970: who signed in before that, has to do it again. */
  sessionsSince: z.number().int().min(0),
});

export type Account = z.output<typeof account>;

export const accountList = jsonList(
  "accounts",
  "accounts",
  z
    .array(account)
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, "a name stands there twice"),
);
