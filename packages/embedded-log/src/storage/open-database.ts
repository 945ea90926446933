import { accessSync, constants, mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { isOfFullDisk, sqliteCode } from "@downbeat/message-log/sqlite";
import { EmbeddedLogOpenError } from "../open-error.ts";
import { checkParts } from "./check-parts.ts";
import { addRowChecksum } from "./checksum.ts";
import { fullDiskSentence } from "./full-disk.ts";
import { bringUpToDate } from "./migrate.ts";
import { applicationId, formatVersion, schema, summedTables } from "./schema.ts";
import { fillSum } from "./sums.ts";

// Reading a whole large file would make every start slow; damage in it shows when its pages are read.
const smallBytes = 64 * 1024 * 1024;

// 16 MiB: checkpoints under load are few, and what the file needs beside itself stays bounded.
export const walPages = 4_096;

/**
 * Opens or makes the file, holding it exclusively.
 *
 * @param acceptLoss open it although what was stored last is missing
 * @throws EmbeddedLogOpenError
 */
export function openDatabase(file: string, acceptLoss = false): DatabaseSync {
  if (file !== ":memory:") prepareFile(file);
  const loss = file === ":memory:" ? undefined : checkParts(file);
  if (loss !== undefined && !acceptLoss) throw new EmbeddedLogOpenError(`${loss} ${waysOn}`);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: 0 });
    // Without shared memory two processes can't both hold the file, and the WAL index stays in the heap: if this comes before anything is read.
    database.exec("PRAGMA locking_mode = EXCLUSIVE");
    // So that what was deleted can be given back to the disk. It takes effect in a new file only.
    database.exec("PRAGMA auto_vacuum = INCREMENTAL");
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
    // Twice as many: the engine does it before, with the mark that the file is open.
    database.exec(
      `PRAGMA wal_autocheckpoint = ${2 * walPages}; PRAGMA journal_size_limit = ${walPages * 4096};`,
    );
    database.exec("BEGIN IMMEDIATE; COMMIT;");
    addRowChecksum(database);
    prepareSchema(database, file);
    checkHealth(database, file);
    bringUpToDate(database);
    return database;
  } catch (error) {
    database?.close();
    throw explained(error, file);
  }
}

export function explained(error: unknown, file: string): EmbeddedLogOpenError {
  return error instanceof EmbeddedLogOpenError
    ? error
    : new EmbeddedLogOpenError(explain(error, file), { cause: error });
}

const waysOn =
  "Put it back, or restore a backup (downbeat restore). To go on with what is there: downbeat start --accept-loss, or DOWNBEAT_ACCEPT_LOSS=true.";

function prepareFile(file: string): void {
  const directory = dirname(resolve(file));
  try {
    mkdirSync(directory, { recursive: true });
    accessSync(directory, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new EmbeddedLogOpenError(
      `The log cannot be kept in ${directory}: the directory is not writable. Give this user write permission or choose another directory.`,
      { cause: error },
    );
  }
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isFile())
    throw new EmbeddedLogOpenError(`${file} is not a file. Choose another path for the log.`);
  try {
    accessSync(file, constants.R_OK | constants.W_OK);
  } catch (error) {
    throw new EmbeddedLogOpenError(
      `The log file ${file} is not writable. Give this user write permission on it.`,
      {
        cause: error,
      },
    );
  }
}

function prepareSchema(database: DatabaseSync, file: string): void {
  const id = pragma(database, "application_id");
  const tables = Number(database.prepare("SELECT count(*) AS n FROM sqlite_schema").get()?.n);
  if (tables === 0 && id === 0) {
    database.exec(
      `BEGIN; ${schema} PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${formatVersion};`,
    );
    for (const table of summedTables) fillSum(database, table);
    database.exec("COMMIT");
    return;
  }
  if (id !== applicationId) {
    throw new EmbeddedLogOpenError(
      `${file} is the database of another program. Choose another path for the log.`,
    );
  }
  const version = pragma(database, "user_version");
  if (version < 1 || version > formatVersion) {
    throw new EmbeddedLogOpenError(
      `The log file ${file} has format ${version}, this program knows formats 1 to ${formatVersion}. Use the version of the program that wrote it.`,
    );
  }
}

/** So that all of it can be read at each start. */
export function isSmall(file: string): boolean {
  return file === ":memory:" || statSync(file).size <= smallBytes;
}

function checkHealth(database: DatabaseSync, file: string): void {
  if (!isSmall(file)) return;
  const found = database.prepare("PRAGMA quick_check(1)").get()?.quick_check;
  if (found !== "ok") throw new EmbeddedLogOpenError(damaged(file), { cause: found });
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}

function explain(error: unknown, file: string): string {
  if (isOfFullDisk(error, file)) return fullDiskSentence(file);
  switch (sqliteCode(error)) {
    case 5: // SQLITE_BUSY
    case 6: // SQLITE_LOCKED
      return `The log file ${file} is in use by another process. Stop that process, or give this one another file.`;
    case 1: // SQLITE_ERROR: a table or column of ours is not there
    case 11: // SQLITE_CORRUPT
      return damaged(file);
    case 26: // SQLITE_NOTADB
      return `${file} is not a log file. Choose another path, or move the file away to start with an empty log.`;
    default:
      return `The log file ${file} cannot be opened: ${error instanceof Error ? error.message : String(error)}.`;
  }
}

/** @param what is wrong with it */
export function damaged(file: string, what?: string): string {
  return `The log file ${file} is damaged${what === undefined ? "" : `: ${what}`}. Restore it from a backup, or move it away to start with an empty log.`;
}
