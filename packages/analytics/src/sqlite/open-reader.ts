import { DatabaseSync } from "node:sqlite";
import { ColdError } from "@downbeat/cold-history";
import { LatencySketch } from "@downbeat/read-model/rules";
import { Authorizer } from "./authorizer.ts";
import { peopleTables } from "./people-tables.ts";
import { viewOf } from "./table.ts";

export interface Reader {
  readonly db: DatabaseSync;
  readonly authorizer: Authorizer;
}

// A query may use so much memory and no more: it fails then, and the server goes on.
const mostMemory = 512 * 1024 * 1024;
const longestValue = 32 * 1024 * 1024;

/**
 * A connection for people's queries: it only reads, and what it reads has names and words for people.
 *
 * @throws ColdError on Node 22, whose SQLite can't tell what a query would do before it does it
 */
export function openReader(path: string): Reader {
  if (!("setAuthorizer" in DatabaseSync.prototype))
    throw new ColdError(
      "notSetUp",
      `Queries on this machine's history need Node.js 24; this server runs on ${process.version}.`,
    );
  const db = new DatabaseSync(path, {
    readOnly: true,
    allowExtension: false,
    limits: { length: longestValue, attach: 0 },
  });
  db.exec(`
    PRAGMA hard_heap_limit = ${mostMemory};
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -32768;
  `);
  db.function("quantile_of", { deterministic: true }, (bytes, q) =>
    bytes instanceof Uint8Array ? (LatencySketch.decode(bytes).quantile(Number(q)) ?? null) : null,
  );
  for (const table of peopleTables) db.exec(viewOf(table));
  db.exec("PRAGMA query_only = ON");
  const authorizer = new Authorizer(tablesOf(db));
  db.setAuthorizer(authorizer.authorize);
  return { db, authorizer };
}

function tablesOf(db: DatabaseSync): string[] {
  return db
    .prepare("SELECT name FROM main.sqlite_schema WHERE type = 'table'")
    .all()
    .map(({ name }) => String(name));
}
