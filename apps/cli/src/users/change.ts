import { hashPassword } from "@downbeat/access";
import { Command } from "commander";
import { printLine } from "../output/print.ts";
import { type AccessOptions, changeAccount, namesKnownOf, withAccess } from "./access-option.ts";
import { askPassword } from "./ask-password.ts";

/** What is done to an account that there is. Whoever is signed in with it is so no more, within a second. */
export function changeUserCommands(): readonly Command[] {
  const named = (name: string, description: string) =>
    withAccess(new Command(name).description(description).argument("<name>", "name of the account"));
  return [
    named("password", "Change an account's password, typed as for add; all its sessions end").action(
      newPassword,
    ),
    named("groups", "Replace an account's groups")
      .argument("[groups...]", "none: remove it from all groups")
      .action(newGroups),
    named("disable", "Disable an account: nobody can sign in with it, and its sessions end").action(disable),
    named("enable", "Enable a disabled account").action(enable),
    named("sign-out", "End all sessions of an account, on every device").action(signOut),
    named(
      "remove",
      "Remove an account for good. A new one of the same name is a different account; history tells them apart only by time",
    ).action(remove),
  ];
}

async function newPassword(name: string, options: AccessOptions): Promise<void> {
  // Before somebody types for nothing.
  let known: readonly (string | undefined)[] = [];
  changeAccount(options, name, (account) => {
    known = namesKnownOf(options, account);
    return account;
  });
  const password = await hashPassword(await askPassword(`New password of ${name}`, known));
  changeAccount(options, name, (account) => ({ ...account, password, sessionsSince: Date.now() }));
  printLine(`${name} has another password, and is signed out everywhere.`);
}

function newGroups(name: string, groups: readonly string[], options: AccessOptions): void {
  changeAccount(options, name, (account) => ({ ...account, groups: [...new Set(groups)] }));
  printLine(groups.length === 0 ? `${name} is in no group.` : `${name} is in ${groups.join(", ")}.`);
}

function disable(name: string, options: AccessOptions): void {
  changeAccount(options, name, (account) => ({ ...account, isDisabled: true, sessionsSince: Date.now() }));
  printLine(`${name} may not sign in any more.`);
}

function enable(name: string, options: AccessOptions): void {
  changeAccount(options, name, (account) => ({ ...account, isDisabled: false }));
  printLine(`${name} may sign in.`);
}

function signOut(name: string, options: AccessOptions): void {
  changeAccount(options, name, (account) => ({ ...account, sessionsSince: Date.now() }));
  printLine(`${name} is signed out everywhere.`);
}

function remove(name: string, options: AccessOptions): void {
  changeAccount(options, name, () => undefined);
  printLine(`${name} is removed.`);
}
