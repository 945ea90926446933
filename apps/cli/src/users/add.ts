import { existsSync, writeFileSync } from "node:fs";
import { accountName, changeAccounts, hashPassword } from "@downbeat/access";
import { Command } from "commander";
import { CommandFailure } from "../failure.ts";
import { printLine } from "../output/print.ts";
import { type AccessOptions, accountsFileOf, namesKnownOf, orFailure, withAccess } from "./access-option.ts";
import { askPassword } from "./ask-password.ts";

interface AddOptions extends AccessOptions {
  readonly fullName?: string;
  readonly group: readonly string[];
}

/** What one begins with: who is in the group admins may do everything, whoever else signs in may look. */
const first = {
  accounts: "accounts.json",
  roles: [
    { role: "admin", who: { group: "admins" } },
    { role: "viewer", who: "everyone" },
  ],
};

export function addUserCommand(): Command {
  return withAccess(
    new Command("add")
      .description(
        "Create an account. Asks for its password on the terminal, or reads it from standard input. Creates an access file if there is none",
      )
      .argument("<name>", "the name to sign in with")
      .option("--full-name <text>", "display name, as shown in history")
      .option("--group <name>", "a group of the account; the access file gives it a role", also, []),
  ).action(addUser);
}

function also(text: string, known: readonly string[]): readonly string[] {
  return [...known, text];
}

async function addUser(name: string, { fullName, group, ...options }: AddOptions): Promise<void> {
  const parsed = accountName.safeParse(name);
  if (!parsed.success)
    throw new CommandFailure("usage", `${name} can't be a name: ${parsed.error.issues[0]?.message}.`);
  const isNew = !existsSync(options.access);
  if (isNew) {
    orFailure(() =>
      writeFileSync(options.access, `${JSON.stringify(first, undefined, 2)}\n`, { mode: 0o600, flag: "wx" }),
    );
    printLine(
      `${options.access} is made: the group admins may do everything, whoever else signs in may look. Change it as you like.`,
    );
  }
  const accountsFile = accountsFileOf(options);
  const password = await hashPassword(
    await askPassword(`Password of ${name}`, namesKnownOf(options, { name, fullName })),
  );
  orFailure(() =>
    changeAccounts(accountsFile, (all) => {
      if (all.some((account) => account.name === name))
        throw new CommandFailure(
          "refused",
          `There is an account ${name} in ${accountsFile} already. downbeat users password ${name} gives it another password.`,
        );
      return [
        ...all,
        {
          name,
          ...(fullName !== undefined && fullName.trim() !== "" && { fullName }),
          groups: [...new Set(group)],
          password,
          isDisabled: false,
          sessionsSince: Date.now(),
        },
      ];
    }),
  );
  printLine(`${name} may sign in.`);
}
