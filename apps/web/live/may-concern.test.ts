import { expect, test } from "vitest";
import { mayConcern } from "./may-concern.ts";

const change = (more: boolean, ...runIds: string[]) => ({ runs: runIds.map((runId) => ({ runId })), more });

test("a run is concerned by changes that name it, and by those that don't say which they are", () => {
  expect(mayConcern(change(false, "r-1", "r-2"), "r-2")).toBe(true);
  expect(mayConcern(change(false, "r-1", "r-20"), "r-2")).toBe(false);
  expect(mayConcern(change(true, "r-1"), "r-2")).toBe(true);
});

test("what is of all runs is concerned by each, and not by a push without any", () => {
  expect(mayConcern(change(false, "r-1"))).toBe(true);
  expect(mayConcern(change(true))).toBe(true);
  expect(mayConcern(change(false))).toBe(false);
});
