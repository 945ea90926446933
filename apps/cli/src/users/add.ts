import { existsSync, writeFileSync } from "node:fs";
import { accountName, changeAccounts, hashPassword } from "@downbeat/access";
import { Command } from "commander";
import { CommandFailure } from "../failure.ts";
import { printLine } from "../output/print.ts";
import { type AccessOptions, accountsFileOf, orFailure, withAccess } from "./access-option.ts";
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
        "A new account. Its password is asked for on the terminal, or read from standard input. Makes an access file where there is none yet",
      )
      .argument("<name>", "what is typed to sign in")
      .option("--full-name <text>", "what people call them, as history shows it")
      .option("--group <name>", "a group that they are in; the access file says which role it has", also, []),
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
  const password = await hashPassword(await askPassword(`Password of ${name}`));
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
