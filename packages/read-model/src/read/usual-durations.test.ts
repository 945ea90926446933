import { afterAll, beforeAll, expect, test } from "vitest";
import { openCache } from "../cache.ts";
import { scratchDirectory } from "../test/scratch.ts";
import { syntheticHistory } from "../test/synthetic-history.ts";
import { Projection } from "../write/projection.ts";
import { ReadModel } from "./read-model.ts";

const day = 86_400_000;
const from = Date.UTC(2026, 9, 24, 22, 17);
const to = from + 3 * day;
const scratch = scratchDirectory();
let readModel: ReadModel;

beforeAll(() => {
  const path = scratch.file("history.sqlite");
  const cache = openCache(path, "test");
  const projection = new Projection(cache);
  for (const message of syntheticHistory({
    runs: 120,
    from,
    to,
    scenarioOf: (run) => (run % 3 === 0 ? "completedAfterRetry" : "completed"),
    batch: 3,
  }))
    projection.take(0, message);
  projection.flush();
  cache.close();
  readModel = new ReadModel(path, () => to);
});

afterAll(() => {
  readModel.close();
  scratch.remove();
});

test("what is usual are the overview's figures of the same week", () => {
  const [{ workflow = "" } = {}] = readModel.workflows();
  const usual = readModel.usualDurations(workflow, to);
  expect(usual.to - usual.from).toBe(7 * day);
  expect(usual.to).toBeGreaterThan(to);
  const overview = readModel.overview({ from: usual.from, to: usual.to, workflow });
  expect(usual.run).toEqual({
    completed: overview.totals.completed,
    p50: overview.totals.p50,
    p95: overview.totals.p95,
  });
  expect(usual.jobTypes.length).toBeGreaterThan(0);
  for (const { jobType, completed, p50, p95 } of usual.jobTypes)
    expect({ completed, p50, p95 }).toEqual(pick(overview.byJobType.find((one) => one.jobType === jobType)));
});

test("of a workflow that completed nothing in that week, nothing is usual", () => {
  const [{ workflow = "" } = {}] = readModel.workflows();
  expect(readModel.usualDurations(workflow, from - 2 * day)).toMatchObject({ jobTypes: [] });
  expect(readModel.usualDurations(workflow, from - 2 * day).run).toBeUndefined();
  expect(readModel.usualDurations("nobodyHasIt", to).jobTypes).toEqual([]);
});

function pick(figures: { completed: number; p50?: number; p95?: number } | undefined) {
  return { completed: figures?.completed, p50: figures?.p50, p95: figures?.p95 };
}
