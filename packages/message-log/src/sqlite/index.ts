// For whoever keeps a file of SQLite beside a log, or the log in one.
export { isOfFullDisk } from "./full-disk.ts";
export { sqliteCode } from "./sqlite-code.ts";
