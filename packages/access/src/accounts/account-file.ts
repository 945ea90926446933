import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { type Account, formatAccounts, parseAccounts } from "./accounts.ts";

/** @returns none where there is no file yet
 * @throws Error that names the file and says what is wrong with it */
export function readAccounts(path: string): readonly Account[] {
  let text: string;
  try {
    // Whoever can write it can be anybody.
    const others = statSync(path).mode & 0o022;
    if (others !== 0) throw new Error("others than its owner may write it: chmod 600");
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new Error(`The accounts in ${path} can't be read: ${(error as Error).message}.`);
  }
  try {
    return parseAccounts(text);
  } catch (error) {
    throw new Error(`The accounts in ${path} can't be used: ${(error as Error).message}`);
  }
}

/**
 * One change at a time, whole or not at all, in a file for its owner alone.
 *
 * @throws Error that names the file, when it can't be changed, or another process is about to
 */
export function changeAccounts(path: string, change: (all: readonly Account[]) => readonly Account[]): void {
  const lock = `${path}.lock`;
  try {
    closeSync(openSync(lock, "wx", 0o600));
  } catch (error) {
    const isTaken = (error as NodeJS.ErrnoException).code === "EEXIST";
    throw new Error(
      isTaken
        ? `The accounts in ${path} are being changed by another command. If none runs, remove ${lock}.`
        : `The accounts in ${path} can't be changed: ${(error as Error).message}.`,
    );
  }
  try {
    const next = formatAccounts(change(readAccounts(path)));
    const fresh = `${path}.new`;
    const file = openSync(fresh, "w", 0o600);
    try {
      writeFileSync(file, next);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(fresh, path);
  } finally {
    rmSync(lock, { force: true });
  }
}
