import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { openCache } from "../cache.ts";
import { scratchDirectory } from "../test/scratch.ts";
import { syntheticHistory } from "../test/synthetic-history.ts";
import { Projection } from "../write/projection.ts";
import { ReadDatabase } from "./database.ts";
import { listRuns } from "./list-runs.ts";
import { contentLimits } from "./run-scan.ts";

const from = 1_700_000_000_000;
const each = 100_000;
const runs = 150;

test("a page of a search ends where it has looked through much, the next goes on there, and nothing is left out", () => {
  const scratch = scratchDirectory();
  const path = scratch.file("history.sqlite");
  const cache = openCache(path, "test");
  const projection = new Projection(cache);
  for (const message of syntheticHistory({ runs, from, to: from + 1_000 })) projection.take(0, message);
  projection.flush();
  cache.close();
  const tables = new DatabaseSync(path);
  const output = JSON.stringify(`${"x".repeat(each)} the end`);
  const steps = [{ seq: 1_000, at: from, inputId: "i", events: [{ type: "RunCompleted", output }] }];
  tables
    .prepare("INSERT INTO steps (run, seq, json) SELECT id, 1000, ? FROM runs")
    .run(JSON.stringify(steps));
  tables.close();

  const db = new ReadDatabase(path);
  const walk = (content: string) => {
    const pages: number[] = [];
    let found = 0;
    let cursor: string | undefined;
    do {
      const before = db.lookedThrough;
      const page = listRuns(db, { filter: { content, from }, cursor, limit: runs }, from + 10_000);
      pages.push(db.lookedThrough - before);
      found += page.runs.length;
      expect(page.countIsLowerBound).toBe(page.cursor !== undefined || cursor !== undefined);
      cursor = page.cursor;
    } while (cursor !== undefined);
    return { pages, found };
  };
  const nowhere = walk("said nowhere");
  expect(nowhere.found).toBe(0);
  expect(nowhere.pages.length).toBeGreaterThan(2);
  // What is begun of some runs is brought to its end.
  for (const page of nowhere.pages)
    expect(page).toBeLessThan(contentLimits.characters + 30 * (each + 10_000));
  expect(walk("THE END").found).toBe(runs);
  db.close();
  scratch.remove();
});
