import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { onTestFinished } from "vitest";

/** A directory of its own, for who removes it. */
export function scratchDirectory(): { file(name: string): string; remove(): void } {
  const directory = mkdtempSync(join(tmpdir(), "downbeat-history-"));
  return {
    file: (name) => join(directory, name),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** A path in a directory that goes with the test. */
export function scratchFile(): string {
  const directory = scratchDirectory();
  onTestFinished(() => directory.remove());
  return directory.file("history.sqlite");
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
