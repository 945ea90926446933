import fc from "fast-check";
import { expect, test } from "vitest";
import { openCache } from "../cache.ts";
import { historyOf } from "../test/history-log.ts";
import { randomRun } from "../test/random-run.ts";
import { scratchDirectory } from "../test/scratch.ts";
import type { CauseMark } from "../views.ts";
import { Projection } from "../write/projection.ts";
import { ReadModel } from "./read-model.ts";

const from = 1_700_000_000_000;
const now = from + 86_400_000;

const histories = fc.array(fc.array(fc.nat(100_000), { minLength: 1, maxLength: 25 }), {
  minLength: 1,
  maxLength: 20,
});

test("runs that have been stuck for long are those that Attention lists, but for causes of which nobody need be told", () => {
  fc.assert(
    fc.property(histories, fc.nat(86_400_000), fc.nat(3), (drawn, ago, mutes) => {
      const scratch = scratchDirectory();
      const path = scratch.file("history.sqlite");
      const cache = openCache(path, "test");
      const projection = new Projection(cache);
      const runs = drawn.map((choices, index) => randomRun(`run-${index}`, from + (index % 3), choices));
      for (const message of historyOf(runs).messages) projection.take(0, message);
      projection.flush();
      cache.close();
      const readModel = new ReadModel(path, () => now);
      try {
        const { items, groups } = readModel.attention({ limit: 200, waits: [], marks: [] });
        const muted = groups.slice(0, mutes).map(({ fingerprint }) => fingerprint);
        const marks: CauseMark[] = muted.map((fingerprint) => ({
          fingerprint,
          version: 1,
          by: "ada",
          at: from,
          about: { title: "", message: "" },
          mutedUntil: now + 1,
        }));
        const before = now - ago;
        const stopped = items.filter((item) => item.since <= before && !muted.includes(item.fingerprint));
        const count = (filter: object) => readModel.stuckSince({ filter, before, waits: [], marks }).count;
        const runsOf = (some: typeof stopped) => new Set(some.map(({ runId }) => runId)).size;
        expect(count({})).toBe(runsOf(stopped));
        for (const workflow of new Set(items.map((item) => item.workflow)))
          expect(count({ workflow })).toBe(runsOf(stopped.filter((item) => item.workflow === workflow)));
        expect(count({ workflow: "none" })).toBe(0);
        expect(count({ labels: { none: "none" } })).toBe(0);
      } finally {
        readModel.close();
        scratch.remove();
      }
    }),
    { numRuns: 60 },
  );
});
