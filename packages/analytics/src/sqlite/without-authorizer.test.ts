import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test, vi } from "vitest";
import { openReader } from "./open-reader.ts";

test("where SQLite can't be told what queries may do, they are refused with what it takes, and no file is opened", () => {
  const folder = mkdtempSync(join(tmpdir(), "downbeat-reader-"));
  const setAuthorizer = Object.getOwnPropertyDescriptor(DatabaseSync.prototype, "setAuthorizer");
  Reflect.deleteProperty(DatabaseSync.prototype, "setAuthorizer");
  const exec = vi.spyOn(DatabaseSync.prototype, "exec");
  try {
    expect(() => openReader(join(folder, "history.sqlite"))).toThrow(
      /^Queries on this machine's history need Node\.js 24; this server runs on v\d+/,
    );
    expect(exec).not.toHaveBeenCalled();
  } finally {
    vi.restoreAllMocks();
    if (setAuthorizer !== undefined)
      Object.defineProperty(DatabaseSync.prototype, "setAuthorizer", setAuthorizer);
    rmSync(folder, { recursive: true });
  }
});
