import { changeList, type ListFormat, readList } from "@downbeat/protocol";
import { type Account, formatAccounts, parseAccounts } from "./accounts.ts";

export const accountList: ListFormat<Account> = {
  what: "accounts",
  parse: parseAccounts,
  format: formatAccounts,
};

/** @throws Error that names the file and says what is wrong with it */
export const readAccounts = (path: string): readonly Account[] => readList(path, accountList);

/** @throws Error that names the file, when it can't be changed, or another process is about to */
export function changeAccounts(path: string, change: (all: readonly Account[]) => readonly Account[]): void {
  changeList(path, accountList, change);
}
