import fc from "fast-check";
import { expect, test } from "vitest";
import { historyOf } from "../test/history-log.ts";
import { randomRun } from "../test/random-run.ts";
import { withReadModel } from "../test/with-read-model.ts";
import type { RunFilter, RunSummary } from "../views.ts";
import type { ReadModel } from "./read-model.ts";

const from = 1_700_000_000_000;
const histories = fc.array(fc.array(fc.nat(100_000), { minLength: 1, maxLength: 12 }), {
  minLength: 1,
  maxLength: 25,
});
const errors = fc.subarray(["TypeError", "NoRoom", "Error0", "never", ""], { minLength: 1 });

function listed(readModel: ReadModel, filter: RunFilter, limit: number): RunSummary[] {
  const runs: RunSummary[] = [];
  let cursor: string | undefined;
  do {
    const page = readModel.listRuns({ filter, limit, cursor });
    runs.push(...page.runs);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return runs;
}

test("runs with one of several errors, or with none of them, are those that the whole list says have it, in its order", () => {
  fc.assert(
    fc.property(
      histories,
      errors,
      fc.boolean(),
      fc.constantFrom("started" as const, "ended" as const),
      fc.constantFrom(undefined, "workflow1"),
      fc.constantFrom(1, 3, 100),
      (drawn, values, not, by, workflow, limit) => {
        const runs = drawn.map((choices, index) => randomRun(`run-${index}`, from + (index % 5), choices));
        withReadModel(historyOf(runs).messages, from + 86_400_000, (readModel) => {
          const other = { by, ...(workflow !== undefined && { workflow }) };
          const found = listed(readModel, { ...other, facets: [{ by: "error", values, not }] }, limit);
          const wanted = listed(readModel, other, limit).filter(
            ({ failure }) => values.includes(failure?.name ?? "") !== not,
          );
          expect(found.map(({ runId }) => runId)).toEqual(wanted.map(({ runId }) => runId));
        });
      },
    ),
    { numRuns: 30 },
  );
});
