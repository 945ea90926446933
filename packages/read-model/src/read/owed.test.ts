import { exactOf, exactSum, exactText, exactZero } from "@downbeat/domain";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openCache } from "../cache.ts";
import { decisionsOf, HistoryLog } from "../test/history-log.ts";
import { randomRun } from "../test/random-run.ts";
import { by, RunDriver, schedule, undo } from "../test/run-driver.ts";
import { scratchFile } from "../test/scratch.ts";
import type { LedgerEntry, OwedFigures, OwedView, RunView } from "../views.ts";
import { Projection } from "../write/projection.ts";
import type { OwedQuery } from "./owed.ts";
import { ReadModel } from "./read-model.ts";

type Without<T> = Omit<T, "freshness">;

const standings: Partial<Record<LedgerEntry["status"], "undoing" | "left" | "failed">> = {
  undoing: "undoing",
  owed: "left",
  undoFailed: "failed",
};

interface Expected {
  readonly runId: string;
  readonly workflow: string;
  readonly compensationId: string;
  readonly jobType: string;
  readonly standing: string;
  readonly input: string | undefined;
  readonly output: string | undefined;
}

/** As the pages of the runs say it. */
function owedOfPages(model: ReadModel, runs: readonly Without<RunView>[]): Expected[] {
  return runs.flatMap((run) => {
    const events = model.events(run.runId, { afterSeq: 0, limit: 10_000 })?.events ?? [];
    return run.ledger.flatMap(({ status, compensationId, jobType, undoes }) => {
      const isOver = run.status !== "running";
      const standing = status === "owed" && !isOver ? "undoing" : standings[status];
      if (standing === undefined) return [];
      const registered = events.find(
        ({ event }) => event.type === "CompensationRegistered" && event.compensationId === compensationId,
      )?.event;
      const input = registered?.type === "CompensationRegistered" ? registered.input : undefined;
      const done = run.rows.find(({ rowId }) => rowId === undoes);
      const output = done?.kind === "job" && done.status === "completed" ? done.output : undefined;
      const { runId, workflow } = run;
      return [{ runId, workflow, compensationId, jobType, standing, input, output }];
    });
  });
}

function numberAt({ input, output }: Expected, path: string): string | undefined {
  if (path === "output") return output !== undefined && exactOf(output) !== undefined ? output : undefined;
  return path === "input.price.amount" ? /"amount":([\d.]+)/.exec(input ?? "")?.[1] : undefined;
}

function walked(model: ReadModel, query: Omit<OwedQuery, "limit" | "cursor">, limit: number): OwedView[] {
  const owed: OwedView[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = model.owed({ ...query, limit, cursor });
    owed.push(...page.owed);
    cursor = page.cursor;
    if (cursor === undefined) return owed;
  }
}

const countOf = ({ undoing, left, failed }: OwedFigures) => undoing + left + failed;
const sumOf = (texts: readonly (string | undefined)[]) =>
  exactText(
    texts
      .map((text) => (text === undefined ? undefined : exactOf(text)) ?? exactZero)
      .reduce(exactSum, exactZero),
  );

const drawnRuns = fc.array(fc.array(fc.nat(100_000), { minLength: 4, maxLength: 30 }), {
  minLength: 1,
  maxLength: 8,
});

test("totals, lists and the pages of runs agree, whatever happened, whatever was removed and wherever it was flushed", () => {
  let seen = 0;
  fc.assert(
    fc.property(
      drawnRuns,
      fc.integer({ min: 1, max: 9 }),
      fc.option(fc.nat(60)),
      (choices, flushEvery, removedAt) => {
        const runs = choices.map((drawn, index) => randomRun(`run-${index}`, 1_000 + index * 97, drawn));
        const log = new HistoryLog().claim();
        for (const { at, decision } of decisionsOf(runs)) log.decide(at, [decision]);
        const path = scratchFile();
        const cache = openCache(path, "test");
        const projection = new Projection(cache, { maxOpenRuns: 2 });
        log.messages.forEach((message, index) => {
          projection.take(0, message);
          if (index % flushEvery === 0 || index === removedAt) projection.flush();
          if (index === removedAt) while (projection.removal.next(message.publishTime, 0)) {}
        });
        projection.flush();
        const model = new ReadModel(path);
        const pages = runs.flatMap(({ runId }) => (model.isListed(runId) ? (model.run(runId) ?? []) : []));
        const expected = owedOfPages(model, pages);
        seen += expected.length;
        for (const workflow of [undefined, "workflow1"]) {
          for (const amount of [undefined, "input.price.amount", "output", "run.none"]) {
            const meant = expected.filter((each) => workflow === undefined || each.workflow === workflow);
            const totals = model.owedTotals({ workflow, amount });
            expect(countOf(totals)).toBe(meant.length);
            expect(totals.byJobType.reduce((sum, group) => sum + countOf(group), 0)).toBe(meant.length);
            const query = { workflow, amount };
            const rows = walked(model, query, 1 + (flushEvery % 3));
            expect(model.owed({ ...query, limit: 100 }).count).toBe(meant.length);
            const key = (each: Pick<Expected, "runId" | "compensationId" | "standing">) =>
              `${each.runId} ${each.compensationId} ${each.standing}`;
            expect(rows.map(key).sort()).toEqual(meant.map(key).sort());
            expect(rows.map(({ since }) => since)).toEqual(
              rows.map(({ since }) => since).sort((a, b) => a - b),
            );
            expect(totals.oldest).toBe(rows[0]?.since);
            for (const group of totals.byJobType)
              for (const standing of ["undoing", "left", "failed"] as const)
                expect(
                  model.owed({ workflow, jobType: group.jobType, standing: [standing], limit: 1 }).count,
                ).toBe(group[standing]);
            if (amount === undefined) continue;
            const numbers = meant.map((each) => numberAt(each, amount));
            expect(totals.amount).toEqual({
              sum: sumOf(numbers),
              counted: numbers.filter((each) => each !== undefined).length,
            });
            expect(rows.map((row) => row.amount).sort()).toEqual(numbers.sort());
          }
        }
        const summed = pages.reduce(
          (sum, { compensations: c }) => sum + (c === undefined ? 0 : c.owed + c.failed),
          0,
        );
        expect(summed).toBe(expected.length);
        while (projection.removal.next(Number.MAX_SAFE_INTEGER, 0)) {}
        const open = expected.filter(({ runId }) => model.isListed(runId));
        expect(countOf(model.owedTotals({}))).toBe(open.length);
        model.close();
        cache.close();
      },
    ),
    { numRuns: 25 },
  );
  expect(seen).toBeGreaterThan(10);
});

const odd = ["", "a.b", "\\", "__proto__", "価格", "x".repeat(190), "constructor"];

test("numbers are found under whatever name, summed to the last digit, and only where the payload or a label is one", () => {
  const price = JSON.stringify(Object.fromEntries(odd.map((name) => [name, 1])));
  const registered = undo("c1", "refundPayment", "j1");
  const run = new RunDriver("trip-1", 1_000)
    .do(
      {
        type: "StartRun",
        workflow: "bookTrip",
        input: '{"total":99999999999999999999.01,"when":"2026","many":[1,2]}',
        labels: { amount: " 12.50 ", order: "A-1", "shop.no": "7" },
      },
      schedule("j1", "processPayment", {}),
    )
    .complete(
      "j1",
      { receipt: 1 },
      registered.type === "RegisterCompensation" ? { ...registered, input: price } : registered,
    )
    .do({ type: "TerminateRun", ...by("ada", "a test", "a1") });
  const log = new HistoryLog().claim();
  for (const { at, decision } of decisionsOf([run])) log.decide(at, [decision]);
  const path = scratchFile();
  const cache = openCache(path, "test");
  const projection = new Projection(cache);
  for (const message of log.messages) projection.take(0, message);
  projection.flush();
  const model = new ReadModel(path);
  const { amounts, byJobType } = model.owedTotals({ amount: "run.total" });
  expect(byJobType).toMatchObject([
    { jobType: "refundPayment", left: 1, amount: { sum: "99999999999999999999.01", counted: 1 } },
  ]);
  expect(amounts.map(({ path }) => path).sort()).toEqual(
    [
      ...["", String.raw`a\.b`, String.raw`\\`, "__proto__", "価格", "x".repeat(190), "constructor"].map(
        (name) => `input.${name}`,
      ),
      "label.amount",
      String.raw`label.shop\.no`,
      "output.receipt",
      "run.total",
    ].sort(),
  );
  expect(model.owed({ amount: "label.amount", limit: 5 }).owed).toMatchObject([
    { runId: "trip-1", standing: "left", rowId: "j1", amount: "12.50", labels: { order: "A-1" } },
  ]);
  model.close();
  cache.close();
});

test("a total goes on from what it was when that has more digits than any of its numbers", () => {
  const amount = "9".repeat(40);
  const runs = ["r1", "r2", "r3"].map((name) =>
    new RunDriver(name, 1_000)
      .do(
        { type: "StartRun", workflow: "bookTrip", input: "{}", labels: { amount } },
        schedule("j1", "processPayment", {}),
      )
      .complete("j1", null, undo("c1", "refundPayment", "j1"))
      .do({ type: "TerminateRun", ...by("ada", "a test", `stop ${name}`) }),
  );
  const log = new HistoryLog().claim();
  for (const { at, decision } of decisionsOf(runs)) log.decide(at, [decision]);
  const path = scratchFile();
  const cache = openCache(path, "test");
  const projection = new Projection(cache);
  for (const message of log.messages) {
    projection.take(0, message);
    projection.flush();
  }
  const model = new ReadModel(path);
  const sum = String(3n * BigInt(amount));
  expect(model.owedTotals({ amount: "label.amount" }).amount).toEqual({ sum, counted: 3 });
  model.close();
  cache.close();
});
