import { statfsSync } from "node:fs";
import { dirname } from "node:path";

/** Less is no room: an index alone takes 32 kB. */
const leastFreeBytes = 256 * 1_024;

/** Whether SQLite's error comes of a full disk: when it opens a file and has no room for the index beside it, it is any `disk I/O error` to it. */
export function isOfFullDisk(error: unknown, path: string): boolean {
  // The low byte is the primary result code.
  const code = error instanceof Error && "errcode" in error ? Number(error.errcode) & 0xff : 0;
  if (code === 13) return true; // SQLITE_FULL
  // SQLITE_IOERR, SQLITE_CANTOPEN
  if (code !== 10 && code !== 14) return false;
  try {
    const { bavail, bsize, files, ffree } = statfsSync(dirname(path));
    // Some file systems count no files.
    return bavail * bsize < leastFreeBytes || (files > 0 && ffree === 0);
  } catch {
    return false;
  }
}
