import { renameSync, rmSync } from "node:fs";
import { backup, DatabaseSync } from "node:sqlite";
import { noSalt } from "./check-parts.ts";
import { addRowChecksum, putMeta } from "./checksum.ts";
import { checksummedVersion, summedVersion } from "./schema.ts";
import { Sums } from "./sums.ts";

// 8 MiB: commits go on in between.
const pagesAtOnce = 2_000;

/** Where the source is busy in that moment SQLite gives up with "not an error": nothing is wrong, and it can be begun again. */
const mostTries = 5;

/**
 * Copies the log as it is at one moment into a file that is whole by itself. The source may be written meanwhile through the same connection. There is a
 * file of that name only once it is complete.
 */
export async function backUp(source: DatabaseSync, file: string, copy = backup): Promise<void> {
  const part = `${file}.part`;
  try {
    for (let tries = 1; ; tries++) {
      rmSync(part, { force: true });
      try {
        await copy(source, part, { rate: pagesAtOnce });
        break;
      } catch (error) {
        if (tries === mostTries || !(error instanceof Error) || error.message !== "not an error") throw error;
      }
    }
    complete(part);
    renameSync(part, file);
  } catch (error) {
    for (const suffix of ["", "-journal", "-wal", "-shm"]) rmSync(`${part}${suffix}`, { force: true });
    throw error;
  }
}

/** No write-ahead log belongs to it, neither now nor later, and it is closed. */
function complete(file: string): void {
  const copy = new DatabaseSync(file);
  try {
    copy.exec("PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL");
    const version = Number(copy.prepare("PRAGMA user_version").get()?.user_version);
    // Of the first format, whose rows have no checksums, it says nothing.
    if (version < checksummedVersion) return;
    addRowChecksum(copy);
    const write = () => {
      putMeta(copy, "open", 0);
      putMeta(copy, "salt", noSalt);
    };
    if (version >= summedVersion) return new Sums(copy).transact(write);
    copy.exec("BEGIN IMMEDIATE");
    write();
    copy.exec("COMMIT");
  } finally {
    copy.close();
  }
}
