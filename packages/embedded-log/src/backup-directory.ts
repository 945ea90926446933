import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { LogError } from "@downbeat/message-log";
import { isOfFullDisk } from "@downbeat/message-log/sqlite";
import { storageError } from "./storage/storage-error.ts";

/** Of the log in a data directory, and in a backup. */
export const logFileName = "log.sqlite";

/** @throws LogError when the directory can't take a backup */
export function newBackupFile(directory: string): string {
  const file = join(resolve(directory), logFileName);
  try {
    mkdirSync(resolve(directory), { recursive: true });
  } catch (error) {
    throw new LogError("invalid", `${directory} can't be made: ${(error as Error).message}.`, {
      cause: error,
    });
  }
  if (existsSync(file)) {
    throw new LogError(
      "conflict",
      `${resolve(directory)} holds a log already: give each backup a directory of its own.`,
    );
  }
  return file;
}

export async function writingBackup(file: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    const { trouble, message } = storageError(error);
    const isFull = trouble === "full" || isOfFullDisk(error, file);
    const reason = isFull ? "the disk is full" : message;
    throw new LogError("unavailable", `The backup can't be written to ${file}: ${reason}.`, { cause: error });
  }
}
