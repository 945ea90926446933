import { changeList, readList } from "@downbeat/protocol";
import { type Account, accountList } from "./accounts.ts";

/** @throws Error that names the file and says what is wrong with it */
export const readAccounts = (path: string): readonly Account[] => readList(path, accountList);

/** @throws Error that names the file, when it can't be changed, or another process is about to */
export function changeAccounts(path: string, change: (all: readonly Account[]) => readonly Account[]): void {
  changeList(path, accountList, change);
}
