import { writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CacheInUse, openCache } from "./cache.ts";
import { everyEvent } from "./test/every-event.ts";
import { historyOf } from "./test/history-log.ts";
import { scratchFile } from "./test/scratch.ts";
import { Projection } from "./write/projection.ts";

function filled(path: string): void {
  const cache = openCache(path, "one log");
  const projection = new Projection(cache);
  for (const message of historyOf(everyEvent()).messages) projection.take(0, message);
  projection.flush();
  cache.close();
}

function runsIn(path: string, source = "one log"): { runs: number; rebuilt: string | undefined } {
  const cache = openCache(path, source);
  const runs = Number(cache.db.prepare("SELECT count(*) AS n FROM runs").get()?.n);
  cache.close();
  return { runs, rebuilt: cache.rebuilt };
}

test("what is there is used", () => {
  const path = scratchFile();
  filled(path);
  expect(runsIn(path)).toEqual({ runs: 5, rebuilt: undefined });
});

test("a cache of another version, of another log, or damaged is begun again, and says why", () => {
  const path = scratchFile();
  filled(path);
  expect(runsIn(path, "another log")).toEqual({ runs: 0, rebuilt: "it was made from another log" });

  const cache = openCache(path, "another log");
  cache.db.exec("PRAGMA user_version = 7");
  cache.close();
  expect(runsIn(path, "another log").rebuilt).toMatch(/^it is of version 7, this program needs \d+$/);

  writeFileSync(path, "this is no database, and it is long enough to be taken for one".repeat(200));
  expect(runsIn(path).rebuilt).toMatch(/^it can't be read/);
});

test("two processes never write one cache", () => {
  const path = scratchFile();
  const cache = openCache(path, "one log");
  expect(() => openCache(path, "one log")).toThrow(CacheInUse);
  cache.close();
  openCache(path, "one log").close();
});
