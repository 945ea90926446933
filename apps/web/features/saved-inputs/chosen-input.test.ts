import type { SavedInput } from "@downbeat/api/views";
import { expect, test } from "vitest";
import { matching } from "./chosen-input.ts";

const saved = (name: string, workflow: string): SavedInput => ({
  id: `${workflow} ${name}`,
  name,
  workflow,
  bytes: 2,
  savedBy: "ada",
  savedAt: 1,
  version: 1,
});
const inputs = [saved("Kleine Bestellung", "order"), saved("例 (odd.*)", "order"), saved("Small", "gone")];
const names = (workflow: string, words: string) => {
  const { own, others } = matching(inputs, workflow, words);
  return [own.map(({ name }) => name), others.map(({ name }) => name)];
};

test("those of the workflow come first, and those of one that is there no more are found", () => {
  expect(names("order", "")).toEqual([["Kleine Bestellung", "例 (odd.*)"], ["Small"]]);
  expect(names("order", " KLEINE ")).toEqual([["Kleine Bestellung"], []]);
  expect(names("order", "gone")).toEqual([[], ["Small"]]);
  expect(names("order", "(odd.*)")).toEqual([["例 (odd.*)"], []]);
  expect(names("other", "nothing")).toEqual([[], []]);
});
