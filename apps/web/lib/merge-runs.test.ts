import type { RunSummary } from "@downbeat/api/views";
import { expect, test } from "vitest";
import { replaceRuns } from "./merge-runs.ts";

const run = (runId: string, seq: number): RunSummary => ({
  runId,
  workflow: "bookTrip",
  status: "running",
  shown: "running",
  startedAt: 0,
  updatedAt: seq,
  labels: {},
  seq,
  partition: 0,
});

test("changed runs take the places of their older selves", () => {
  const runs = [run("a", 1), run("b", 1), run("c", 1)];
  const next = replaceRuns(runs, new Map([["b", run("b", 4)]]));
  expect(next.map(({ runId, seq }) => `${runId}${seq}`)).toEqual(["a1", "b4", "c1"]);
  expect(next[0]).toBe(runs[0]);
});

test("an older or unknown change leaves the very same array", () => {
  const runs = [run("a", 5)];
  expect(replaceRuns(runs, new Map([["a", run("a", 4)]]))).toBe(runs);
  expect(replaceRuns(runs, new Map([["z", run("z", 9)]]))).toBe(runs);
});
