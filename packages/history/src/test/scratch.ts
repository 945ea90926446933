import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { onTestFinished } from "vitest";

/** A path in a directory of its own, which goes with the test. */
export function scratchFile(name = "history.sqlite"): string {
  const directory = mkdtempSync(join(tmpdir(), "downbeat-history-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, name);
}

/** All that the read model says, without what tells one build or flush from another. */
export function dump(db: DatabaseSync): Record<string, unknown[]> {
  const tables = db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'meta' ORDER BY name")
    .all();
  return Object.fromEntries(
    tables.map(({ name }) => {
      const rows = db.prepare(`SELECT * FROM ${String(name)}`).all();
      return [String(name), rows.map((row) => JSON.stringify(row)).sort()];
    }),
  );
}
