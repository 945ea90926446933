import { closeSync, openSync, readSync, rmSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { isOfFullDisk } from "@downbeat/message-log/sqlite";
import { EmbeddedLogOpenError } from "../open-error.ts";
import { fullDiskSentence } from "./full-disk.ts";
import { applicationId, named } from "./schema.ts";

/*
 * The file and its write-ahead log are one: without the second, the first is as it was at some earlier time; with that of another, SQLite makes one of
 * both that never was. Neither is noticed by SQLite, and opening them would destroy what may still be mended, so that both are looked at before.
 *
 * Each opening writes into the file itself, before anything else: its number, that it is open (closing takes that back), and the first salt of its
 * write-ahead log. SQLite begins with a random one and adds one each time it begins that file again.
 */

interface Opening {
  readonly ledger: number | undefined;
  readonly previous: number | undefined;
  readonly salt: number | undefined;
  readonly isOpen: boolean;
}

/** More often than that, no write-ahead log is begun again between two openings. */
const mostRestarts = 1 << 20;

/** In a copy that is whole by itself: no write-ahead log belongs to it. */
export const noSalt = -1;

/**
 * @returns what may be lost, in a sentence, when it may be
 * @throws EmbeddedLogOpenError when the two do not belong together
 */
export function checkParts(file: string): string | undefined {
  if (statSync(file, { throwIfNoEntry: false }) === undefined) return undefined;
  const alone = openingOf(file, aloneAt(file));
  if (alone?.previous === undefined) return undefined;
  const beside = statSync(`${file}-wal`, { throwIfNoEntry: false });
  if (beside === undefined) return alone.isOpen ? withoutWal(file) : undefined;
  if (beside.size === 0) return undefined;
  if (follows(saltOf(file), alone.salt)) return undefined;
  const together = openWithWal(file);
  if (together === undefined) return undefined;
  // It ended while it was being opened: what is new is not in the file itself yet.
  if (together.ledger !== alone.ledger && together.previous === alone.ledger) return undefined;
  throw new EmbeddedLogOpenError(
    `${file}-wal does not belong to ${file}: one of them was replaced while the other was left. Put back the one that belongs to it, or, if ${file} was put there from a copy made while nothing ran, delete ${file}-wal.`,
  );
}

/** The first salt in the header of the write-ahead log. */
export function saltOf(file: string): number {
  const header = Buffer.alloc(20);
  const beside = openSync(`${file}-wal`, "r");
  try {
    readSync(beside, header, 0, 20, 0);
    return header.readUInt32BE(16);
  } finally {
    closeSync(beside);
  }
}

function follows(salt: number, first: number | undefined): boolean {
  if (first === undefined) return true;
  return first !== noSalt && (salt - first) >>> 0 < mostRestarts;
}

function withoutWal(file: string): string {
  return (
    `The log file ${file} was not closed, and ${file}-wal is not there: it was deleted, or not copied along with the file. ` +
    "What was stored last is missing, although it may have been acknowledged."
  );
}

function openWithWal(file: string): Opening | undefined {
  const putBack = keepIndex(file);
  try {
    return openingOf(file);
  } finally {
    putBack();
  }
}

/**
 * Opens a log for reading alone, and leaves nothing behind: of a file without a write-ahead log SQLite would otherwise make an empty one.
 *
 * @throws Error of SQLite's, such as when another process has it
 */
export function openReadOnly(file: string): { readonly database: DatabaseSync; close(): void } {
  const isAlone = statSync(`${file}-wal`, { throwIfNoEntry: false }) === undefined;
  const putBack = isAlone ? () => {} : keepIndex(file);
  const database = new DatabaseSync(isAlone ? aloneAt(file) : file, { readOnly: true, timeout: 0 });
  const close = () => {
    database.close();
    putBack();
  };
  try {
    database.prepare("SELECT count(*) FROM sqlite_schema").get();
    return { database, close };
  } catch (error) {
    close();
    throw error;
  }
}

function aloneAt(file: string): string {
  return `${pathToFileURL(resolve(file)).href}?immutable=1`;
}

/** Reading makes an index beside the write-ahead log. */
function keepIndex(file: string): () => void {
  const index = `${file}-shm`;
  const wasThere = statSync(index, { throwIfNoEntry: false }) !== undefined;
  return () => {
    if (!wasThere) rmSync(index, { force: true });
  };
}

/** `undefined` for what is no log, is in use or can't be read: opening it says so. */
function openingOf(file: string, place = file): Opening | undefined {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(place, { readOnly: true, timeout: 0 });
    if (database.prepare("PRAGMA application_id").get()?.application_id !== applicationId) return undefined;
    const meta = new Map(
      database
        .prepare(`SELECT ${named(["name", "value"])} FROM meta`)
        .all()
        .map(({ name, value }) => [String(name), Number(value)]),
    );
    return {
      ledger: meta.get("ledger"),
      previous: meta.get("previous"),
      salt: meta.get("salt"),
      isOpen: meta.get("open") === 1,
    };
  } catch (error) {
    // Whether the two belong together can't be told then, which is no reason to go on.
    if (isOfFullDisk(error, file)) throw new EmbeddedLogOpenError(fullDiskSentence(file), { cause: error });
    return undefined;
  } finally {
    database?.close();
  }
}
