import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ReceivedMessage } from "@downbeat/message-log";
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { type Cache, openCache } from "../cache.ts";
import { syntheticHistory } from "../test/synthetic-history.ts";
import { Projection } from "./projection.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const from = Date.UTC(2026, 9, 1);
const history = [...syntheticHistory({ runs: 120, from, to: from + 600_000, batch: 3 })];

function newCacheFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "downbeat-projection-"));
  folders.push(folder);
  return join(folder, "read-model.sqlite");
}

/** Takes the messages in parts; after each part it flushes, and at a kill it also forgets what it had in memory. */
function project(
  file: string,
  parts: readonly { messages: readonly ReceivedMessage[]; kill: boolean }[],
): Cache {
  let cache = openCache(file, "test");
  let projection = new Projection(cache);
  for (const { messages, kill } of parts) {
    for (const message of messages) projection.take(0, message);
    if (!kill) projection.flush();
    else {
      cache.close();
      cache = openCache(file, "test");
      projection = new Projection(cache);
    }
  }
  projection.flush();
  return cache;
}

/** What the tables say, without what depends on how often they were written. */
function contents(cache: Cache): unknown {
  const all = (sql: string) => cache.db.prepare(sql).all();
  return {
    runs: all(
      "SELECT run_id, workflow, shown, started_at, ended_at, updated_at, seq FROM runs ORDER BY run_id",
    ),
    counters: all("SELECT workflow, shown, n FROM counters WHERE n <> 0 ORDER BY workflow, shown"),
    open: all(
      "SELECT r.run_id, o.row_id, o.status FROM open_rows o JOIN runs r ON r.id = o.run ORDER BY 1, 2",
    ),
    actions: all("SELECT run_id, action_id, json FROM actions ORDER BY run_id, action_id"),
  };
}

test("the counts by status are those of the runs, however often they change between flushes", () => {
  const cache = project(
    newCacheFile(),
    history.map((message) => ({ messages: [message], kill: false })),
  );
  const counted = "SELECT workflow, shown, n FROM counters WHERE n <> 0 ORDER BY workflow, shown";
  const grouped =
    "SELECT workflow, shown, count(*) AS n FROM runs GROUP BY workflow, shown ORDER BY workflow, shown";
  expect(cache.db.prepare(counted).all()).toEqual(cache.db.prepare(grouped).all());
  cache.close();
});

test("killed at any moment and given records again, it comes to the same tables", () => {
  const whole = project(newCacheFile(), [{ messages: history, kill: false }]);
  const expected = contents(whole);
  whole.close();
  const cut = fc.record({ at: fc.nat(history.length), back: fc.nat(30), kill: fc.boolean() });
  fc.assert(
    fc.property(fc.array(cut, { maxLength: 8 }), (cuts) => {
      const parts: { messages: ReceivedMessage[]; kill: boolean }[] = [];
      let next = 0;
      for (const { at, back, kill } of cuts.toSorted((a, b) => a.at - b.at)) {
        parts.push({ messages: history.slice(next, at), kill });
        // After a kill the reader begins at the stored position, or before it.
        next = kill ? 0 : Math.max(0, at - back);
      }
      parts.push({ messages: history.slice(next), kill: false });
      const cache = project(newCacheFile(), parts);
      const found = contents(cache);
      cache.close();
      expect(found).toEqual(expected);
    }),
    { numRuns: 15 },
  );
});
