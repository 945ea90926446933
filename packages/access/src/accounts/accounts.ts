import { parseJsonFile } from "@downbeat/protocol";
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

const accounts = z.strictObject({
  version: z.literal(1, "made by a newer Downbeat"),
  accounts: z
    .array(account)
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, "a name stands there twice"),
});

export type Account = z.output<typeof account>;

/** @throws Error that says what of the text is no list of accounts */
export function parseAccounts(text: string): readonly Account[] {
  const parsed = accounts.safeParse(parseJsonFile(text));
  if (parsed.success) return parsed.data.accounts;
  throw new Error(z.prettifyError(parsed.error));
}

export function formatAccounts(all: readonly Account[]): string {
  return `${JSON.stringify({ version: 1, accounts: [...all] } satisfies z.input<typeof accounts>, undefined, 2)}\n`;
}
