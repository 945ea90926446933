import fc from "fast-check";
import { expect, test } from "vitest";
import { openCache } from "../cache.ts";
import { historyOf } from "../test/history-log.ts";
import { RunDriver, schedule } from "../test/run-driver.ts";
import { scratchDirectory } from "../test/scratch.ts";
import { Projection } from "../write/projection.ts";
import { ReadDatabase } from "./database.ts";
import { countEnded } from "./ended-counts.ts";

const from = 1_700_000_040_000;

const ended = fc.record({
  workflow: fc.constantFrom("soft", "hard"),
  country: fc.constantFrom("JP", "de", undefined),
  at: fc.integer({ min: -600_000, max: 600_000 }),
  how: fc.constantFrom("completed" as const, "failed" as const),
});

test("ends are counted from when all of them could be looked at, along the label or along the ends", () => {
  fc.assert(
    fc.property(
      fc.array(ended, { maxLength: 40 }),
      fc.integer({ min: 1, max: 30 }),
      fc.constantFrom(undefined, "soft", "hard"),
      fc.constantFrom(undefined, "JP", "DE", "none"),
      (runs, most, workflow, country) => {
        const scratch = scratchDirectory();
        const path = scratch.file("history.sqlite");
        const cache = openCache(path, "test");
        const projection = new Projection(cache);
        const drivers = runs.map(({ workflow, country, at, how }, number) => {
          const labels = country === undefined ? {} : { country };
          const run = new RunDriver(`run-${number}`, from + at).do(
            { type: "StartRun", workflow, input: "1", labels },
            schedule("j1", "bookHotel", 1),
          );
          return how === "completed"
            ? run.complete("j1", 1, { type: "CompleteRun", output: "1" })
            : run.complete("j1", 1, {
                type: "FailRun",
                failure: { kind: "business", name: "NoRoom", message: "" },
              });
        });
        for (const message of historyOf(drivers).messages) projection.take(0, message);
        projection.flush();
        cache.close();
        const db = new ReadDatabase(path);
        try {
          const filter = {
            ...(workflow !== undefined && { workflow }),
            ...(country !== undefined && { labels: { country } }),
          };
          const to = from + 600_000 + 60_000;
          const { counts, since } = countEnded(db, { filter, from, to }, most);
          expect(since).toBeGreaterThanOrEqual(from);
          const expected = { completed: 0, failed: 0 };
          for (const [number, run] of runs.entries()) {
            const row = db.get("SELECT ended_at AS at FROM runs WHERE run_id = ?", `run-${number}`);
            expect(row?.at).toEqual(expect.any(Number));
            const isMeant =
              (workflow === undefined || run.workflow === workflow) &&
              (country === undefined || run.country?.toUpperCase() === country);
            if (isMeant && Number(row?.at) >= since && Number(row?.at) < to) expected[run.how]++;
          }
          expect({ completed: counts.completed, failed: counts.failed }).toEqual(expected);
          if (country === undefined) expect(since).toBe(from);
        } finally {
          db.close();
          scratch.remove();
        }
      },
    ),
    { numRuns: 60 },
  );
});
