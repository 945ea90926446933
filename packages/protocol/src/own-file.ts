import {
  closeSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

/** A list in a file of ours, for its owner alone. */
export interface ListFormat<T> {
  /** What is in it: `accounts`. */
  readonly what: string;
  /** @throws Error that says what of the text is no such list */
  readonly parse: (text: string) => readonly T[];
  readonly format: (all: readonly T[]) => string;
}

/** Another process changes the list at the moment. */
class BeingChanged extends Error {
  override readonly name = "BeingChanged";
}

/**
 * Whoever can write a file that says who may come in can be anybody.
 *
 * @param cure what the owner does about it
 * @throws Error with a sentence, without the file's name
 */
export function refuseWritable(path: string, cure: string): void {
  // Windows has no such modes.
  if (process.platform !== "win32" && (statSync(path).mode & 0o022) !== 0)
    throw new Error(`others than its owner may write it: ${cure}`);
}

/** Whether others than its owner may read what is in it; not where there is no such file. */
export function isOpenToOthers(path: string): boolean {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
  return process.platform !== "win32" && (mode & 0o077) !== 0;
}

/** @throws Error with a sentence, without the file's name, where others than its owner may read or write it */
export function refuseOpen(path: string): void {
  if (isOpenToOthers(path)) throw new Error("others than its owner may read or write it: chmod 600");
}

/**
 * @returns none where there is no file yet
 * @throws Error that names the file and says what is wrong with it
 */
export function readList<T>(path: string, { what, parse }: ListFormat<T>): readonly T[] {
  let text: string;
  try {
    refuseWritable(path, "chmod 600");
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new Error(`The ${what} in ${path} can't be read: ${(error as Error).message}.`);
  }
  try {
    return parse(text);
  } catch (error) {
    throw new Error(`The ${what} in ${path} can't be used: ${(error as Error).message}`);
  }
}

/**
 * One change at a time, whole or not at all.
 *
 * @throws BeingChanged when another process is about to; Error that names the file, when it can't be changed
 */
export function changeList<T>(
  named: string,
  list: ListFormat<T>,
  change: (all: readonly T[]) => readonly T[],
): void {
  // What a link stands for is changed, and not the link replaced: with the list would stay what was taken out of it.
  const path = isThere(named) ? realpathSync(named) : named;
  const lock = `${path}.lock`;
  try {
    closeSync(openSync(lock, "wx", 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST")
      throw new BeingChanged(
        `The ${list.what} in ${path} are being changed by another command. If none runs, remove ${lock}.`,
      );
    throw new Error(`The ${list.what} in ${path} can't be changed: ${(error as Error).message}.`);
  }
  try {
    const next = list.format(change(readList(path, list)));
    const fresh = `${path}.new`;
    rmSync(fresh, { force: true });
    // Never through a link that somebody put there.
    const file = openSync(fresh, "wx", 0o600);
    try {
      writeFileSync(file, next);
      keepOwner(path, file);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(fresh, path);
  } finally {
    rmSync(lock, { force: true });
  }
}

/** A change takes a few ms. */
const mostTries = 100;
const betweenTriesMs = 20;

/**
 * A change that waits while another process is about one.
 *
 * @throws Error as `changeList`, `BeingChanged` where that takes too long
 */
export async function patiently(change: () => void): Promise<void> {
  for (let tries = 1; ; tries++)
    try {
      return change();
    } catch (error) {
      if (!(error instanceof BeingChanged) || tries === mostTries) throw error;
      await wait(betweenTriesMs);
    }
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Made or changed by root, it is readable for the server that it is made for: a new file is of whoever has the directory. */
function keepOwner(path: string, fresh: number): void {
  const owner = statSync(path, { throwIfNoEntry: false }) ?? statSync(dirname(path));
  const { uid, gid } = fstatSync(fresh);
  if (uid === owner.uid && gid === owner.gid) return;
  try {
    fchownSync(fresh, owner.uid, owner.gid);
  } catch {
    // Who is not root can't give a file away; it is theirs then.
  }
}
