import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { isOfFullDisk, sqliteCode } from "@downbeat/message-log/sqlite";
import { schema, schemaVersion } from "./schema.ts";

/**
 * The SQLite file that the read model is kept in. A cache: whatever is wrong with it, it is deleted, and the projection reads
 * the log again from its beginning. That is also the whole of its migrations.
 */
export interface Cache {
  readonly path: string;
  readonly db: DatabaseSync;
  /** Names this build of the cache: change numbers of another build mean something else. */
  readonly generation: string;
  /** Why it was built again, when it was. */
  readonly rebuilt: string | undefined;
  close(): void;
}

/** The data directory serves another process already. */
export class CacheInUse extends Error {
  override readonly name = "CacheInUse";
}

/** @param source names the log that the cache is folded from; a cache of another one is deleted */
export function openCache(path: string, source: string): Cache {
  mkdirSync(dirname(path), { recursive: true });
  const unlock = lock(path);
  try {
    return { ...openOrRebuild(path, source), path, close };
  } catch (error) {
    unlock();
    throw error;
  }

  function close(this: Cache): void {
    this.db.close();
    unlock();
  }
}

/** Deletes what is there and begins again. */
export function rebuildCache(cache: Cache, source: string, reason: string): Cache {
  cache.db.close();
  remove(cache.path);
  return { ...cache, db: create(cache.path, source), generation: generationOf(cache.path), rebuilt: reason };
}

type Opened = Pick<Cache, "db" | "generation" | "rebuilt">;

function openOrRebuild(path: string, source: string): Opened {
  let rebuilt: string | undefined;
  try {
    const db = connect(path);
    const found = stateOf(db, source);
    if (found.type === "usable") return { db, generation: found.generation, rebuilt: undefined };
    if (found.type === "unusable") rebuilt = found.reason;
    db.close();
  } catch (error) {
    if (!isCorrupt(error)) throw namingFullDisk(error, path);
    rebuilt = `it can't be read (${(error as Error).message})`;
  }
  remove(path);
  return { db: create(path, source), generation: generationOf(path), rebuilt };
}

type Found =
  | { readonly type: "empty" }
  | { readonly type: "usable"; readonly generation: string }
  | { readonly type: "unusable"; readonly reason: string };

function stateOf(db: DatabaseSync, source: string): Found {
  const version = Number(db.prepare("PRAGMA user_version").get()?.user_version ?? 0);
  const tables = Number(db.prepare("SELECT count(*) AS n FROM sqlite_schema").get()?.n ?? 0);
  if (tables === 0) return { type: "empty" };
  if (version !== schemaVersion) {
    return { type: "unusable", reason: `it is of version ${version}, this program needs ${schemaVersion}` };
  }
  const meta = readMeta(db);
  if (meta.get("source") !== source) return { type: "unusable", reason: "it was made from another log" };
  const generation = meta.get("generation");
  if (generation === undefined) return { type: "unusable", reason: "it is incomplete" };
  return { type: "usable", generation };
}

export function readMeta(db: DatabaseSync): Map<string, string> {
  const rows = db.prepare("SELECT key, value FROM meta").all();
  return new Map(rows.map((row) => [String(row.key), String(row.value)]));
}

function connect(path: string): DatabaseSync {
  const db = new DatabaseSync(path);
  try {
    // The log is the truth: losing the last commits with the power costs only reading them again, so no fsync for each.
    db.exec(`
      PRAGMA page_size = 8192;
      PRAGMA auto_vacuum = INCREMENTAL;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      PRAGMA cache_size = -65536;
      PRAGMA temp_store = MEMORY;
      PRAGMA wal_autocheckpoint = 4000;
      PRAGMA journal_size_limit = 67108864;
    `);
  } catch (error) {
    db.close();
    throw error;
  }
  return db;
}

function create(path: string, source: string): DatabaseSync {
  const db = connect(path);
  db.exec(`BEGIN; ${schema}`);
  const set = db.prepare("INSERT INTO meta (key, value) VALUES (?, ?)");
  set.run("source", source);
  set.run("generation", randomUUID().slice(0, 8));
  set.run("change", "0");
  db.exec(`PRAGMA user_version = ${schemaVersion}; COMMIT`);
  return db;
}

function generationOf(path: string): string {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    return readMeta(db).get("generation") ?? "";
  } finally {
    db.close();
  }
}

/** Deletes a damaged cache, open or not; whoever opens it next begins again. */
export function removeCache(path: string): void {
  remove(path);
}

function remove(path: string): void {
  for (const suffix of ["", "-wal", "-shm"]) rmSync(`${path}${suffix}`, { force: true });
}

// SQLITE_CORRUPT, SQLITE_NOTADB
const corrupt = new Set([11, 26]);

export function isCorrupt(error: unknown): boolean {
  return corrupt.has(sqliteCode(error));
}

// Node has no file locks; SQLite does. The lock goes with the process, however it ends.
function lock(path: string): () => void {
  const file = `${path}.lock`;
  const db = new DatabaseSync(file);
  try {
    db.exec("PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE");
  } catch (error) {
    db.close();
    if (isOfFullDisk(error, path)) throw fullDisk(path, error);
    throw new CacheInUse(`Another process keeps ${file}.`, { cause: error });
  }
  return () => db.close();
}

/** The error, or one that names the full disk where it comes of that. */
export function namingFullDisk<Thrown>(error: Thrown, path: string): Thrown | Error {
  return isOfFullDisk(error, path) ? fullDisk(path, error) : error;
}

function fullDisk(path: string, cause: unknown): Error {
  return new Error(
    `The disk that holds the read model (${path}) is full. Make room; then it goes on by itself where it was.`,
    { cause },
  );
}
