import { type Account, changeAccounts, knownNames, readAccess } from "@downbeat/access";
import { type Command, Option } from "commander";
import { CommandFailure } from "../failure.ts";

export interface AccessOptions {
  readonly access: string;
}

export function withAccess(command: Command): Command {
  return command.addOption(
    new Option("--access <file>", "the access file, which names the file of accounts")
      .env("DOWNBEAT_ACCESS_FILE")
      .default("access.json"),
  );
}

/** @throws CommandFailure when the file can't be used */
export function accountsFileOf({ access }: AccessOptions): string {
  const { accountsFile } = orFailure(() => readAccess(access));
  if (accountsFile !== undefined) return accountsFile;
  throw new CommandFailure(
    "usage",
    `${access} names no file of accounts: people sign in at the provider only. With "accounts": "accounts.json" it has one.`,
  );
}

/**
 * What others know of whoever has an account.
 *
 * @throws CommandFailure when the access file can't be used
 */
export function namesKnownOf(
  { access }: AccessOptions,
  account: Pick<Account, "name" | "fullName">,
): readonly (string | undefined)[] {
  return knownNames(
    orFailure(() => readAccess(access)),
    account,
  );
}

/**
 * @param change of the one account
 * @throws CommandFailure when there is none of that name, or the file can't be changed
 */
export function changeAccount(
  options: AccessOptions,
  name: string,
  change: (account: Account) => Account | undefined,
): void {
  const accountsFile = accountsFileOf(options);
  orFailure(() =>
    changeAccounts(accountsFile, (all) => {
      if (!all.some((account) => account.name === name))
        throw new CommandFailure("notFound", `There is no account ${name} in ${accountsFile}.`);
      return all.flatMap((account) => (account.name === name ? (change(account) ?? []) : account));
    }),
  );
}

export function orFailure<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    throw new CommandFailure("failed", error instanceof Error ? error.message : String(error));
  }
}
