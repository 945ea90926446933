import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { LogError } from "@downbeat/message-log";
import { logFileName } from "./backup-directory.ts";
import { openReadOnly } from "./storage/check-parts.ts";

const parts = ["", "-wal", "-shm"];
/** What processes keep beside the log, folded from it. */
const caches = ["engine", "server"];

export interface Restored {
  /** Where the log is now that was there before. */
  readonly replaced?: string;
}

/**
 * Puts the log of a backup into a data directory, and deletes the caches there, so that none knows more than the log.
 *
 * @throws LogError when the directory has a log and `replace` is not given, when that log is in use, and when files can't be written
 */
export function restore(
  backup: string,
  dataDirectory: string,
  options: { readonly replace: boolean; readonly now: Date },
): Restored {
  const from = join(resolve(backup), logFileName);
  const to = join(resolve(dataDirectory), logFileName);
  if (!existsSync(from)) throw new LogError("missing", `${resolve(backup)} holds no ${logFileName}.`);
  if (from === to) throw new LogError("invalid", `${from} is the log itself.`);
  const isThere = parts.some((part) => existsSync(`${to}${part}`));
  if (isThere && !options.replace) {
    throw new LogError(
      "conflict",
      `${resolve(dataDirectory)} has a log already. With --force it is moved aside, into a directory beside it.`,
    );
  }
  if (existsSync(to)) assertUnused(to);
  try {
    mkdirSync(resolve(dataDirectory), { recursive: true, mode: 0o700 });
    // Complete before anything is moved.
    const part = `${to}.part`;
    copyFileSync(from, part);
    sync(part);
    const replaced = isThere ? moveAside(to, options.now) : undefined;
    for (const cache of caches) rmSync(join(resolve(dataDirectory), cache), { recursive: true, force: true });
    renameSync(part, to);
    sync(resolve(dataDirectory));
    return replaced === undefined ? {} : { replaced };
  } catch (error) {
    rmSync(`${to}.part`, { force: true });
    throw new LogError(
      "unavailable",
      `The backup can't be put into ${dataDirectory}: ${(error as Error).message}.`,
      {
        cause: error,
      },
    );
  }
}

/** A file that is in use is held exclusively. One that is no database is nobody's. */
function assertUnused(file: string): void {
  try {
    openReadOnly(file).close();
  } catch (error) {
    const isBusy = error instanceof Error && "errcode" in error && (Number(error.errcode) & 0xff) === 5;
    if (isBusy) {
      throw new LogError("conflict", `The log ${file} is in use. Stop Downbeat first.`, { cause: error });
    }
  }
}

function moveAside(log: string, now: Date): string {
  const directory = `${log}-replaced-${now.toISOString().replaceAll(/[:.]/g, "-")}`;
  mkdirSync(directory);
  for (const part of parts)
    if (existsSync(`${log}${part}`)) renameSync(`${log}${part}`, join(directory, `${logFileName}${part}`));
  return directory;
}

function sync(path: string): void {
  const file = openSync(path, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
