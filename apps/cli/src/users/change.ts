import { hashPassword } from "@downbeat/access";
import { Command } from "commander";
import { printLine } from "../output/print.ts";
import { type AccessOptions, changeAccount, withAccess } from "./access-option.ts";
import { askPassword } from "./ask-password.ts";

/** What is done to an account that there is. Whoever is signed in with it is so no more, within a second. */
export function changeUserCommands(): readonly Command[] {
  const named = (name: string, description: string) =>
    withAccess(new Command(name).description(description).argument("<name>", "name of the account"));
  return [
    named("password", "Another password, asked for as by add; every session of the account ends").action(
      newPassword,
    ),
    named("groups", "The groups that it is in from now on, instead of those before")
      .argument("[groups...]", "none: remove it from all groups")
      .action(newGroups),
    named("disable", "Nobody signs in with it any more, and its sessions end").action(disable),
    named("enable", "It may be used again").action(enable),
    named("sign-out", "Ends every session of the account, on whatever device").action(signOut),
    named(
      "remove",
      "The account, for good: one of the same name later is another one, and history knows them apart by time alone",
    ).action(remove),
  ];
}

async function newPassword(name: string, options: AccessOptions): Promise<void> {
  // Before somebody types for nothing.
  changeAccount(options, name, (account) => account);
  const password = await hashPassword(await askPassword(`New password of ${name}`));
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
