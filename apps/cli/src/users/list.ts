import { localIssuer, readAccounts } from "@downbeat/access";
import { Command } from "commander";
import { printJson, printLine } from "../output/print.ts";
import { table } from "../output/table.ts";
import { type AccessOptions, accountsFileOf, orFailure, withAccess } from "./access-option.ts";

export function listUsersCommand(): Command {
  return withAccess(
    new Command("list").description("List the accounts, with their groups and whether they are disabled"),
  )
    .option("--json", "print the answer as JSON", false)
    .action(listUsers);
}

function listUsers({ json, ...options }: AccessOptions & { readonly json: boolean }): void {
  const accountsFile = accountsFileOf(options);
  const users = orFailure(() => readAccounts(accountsFile)).map(({ name, fullName, groups, isDisabled }) => ({
    name,
    id: `${localIssuer}|${name}`,
    ...(fullName !== undefined && { fullName }),
    groups,
    isDisabled,
  }));
  if (json) return printJson({ users });
  if (users.length === 0)
    return printLine(`There is no account in ${accountsFile} yet: downbeat users add <name>.`);
  const rows = users.map(({ name, fullName = "", groups, isDisabled }) => [
    name,
    fullName,
    groups.join(", "),
    isDisabled ? "disabled" : "may sign in",
  ]);
  printLine(table(["NAME", "FULL NAME", "GROUPS", ""], rows));
}
