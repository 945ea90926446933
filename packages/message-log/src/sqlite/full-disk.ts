import { statfsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { sqliteCode } from "./sqlite-code.ts";

/** Less is no room: an index alone takes 32 kB. */
const leastFreeBytes = 256 * 1_024;

/** SQLite's primary result codes that can come of a full disk: IOERR, FULL, CANTOPEN. */
const codes = new Set([10, 13, 14]);

/**
 * Whether the error comes of a full disk. SQLite says so only of what it writes into the file itself; that its index has no room beside it is any `disk I/O error`
 * to it, even for those who only read.
 *
 * @param file on the disk
 */
export function isOfFullDisk(error: unknown, file: string): boolean {
  const code = sqliteCode(error);
  if (code === 13) return true;
  if (!codes.has(code)) return false;
  try {
    const { bavail, bsize, files, ffree } = statfsSync(dirname(resolve(file)));
    // Some file systems count no files.
    return bavail * bsize < leastFreeBytes || (files > 0 && ffree === 0);
  } catch {
    return false;
  }
}
