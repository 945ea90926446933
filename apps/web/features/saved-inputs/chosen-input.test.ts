import type { SavedInput } from "@downbeat/api/views";
import { expect, test } from "vitest";
import { matching, renamed, sinceChosen } from "./chosen-input.ts";

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

test("what others made of it since it was put into the form is told", () => {
  const small = saved("Small", "order");
  const chosen = { saved: small, text: "{}" };
  const theirs = { ...small, name: "Theirs", savedBy: "grace", version: 2 };
  expect(sinceChosen(chosen, [saved("Other", "order"), small])).toBeUndefined();
  expect(sinceChosen(chosen, [theirs])).toBe(theirs);
  expect(sinceChosen(chosen, [])).toBe("deleted");
});

test("another name that was given here is seen here, but not what somebody wrote before it", () => {
  const small = saved("Small", "order");
  const chosen = { saved: small, text: "{}" };
  const now = { ...small, name: "Smaller", version: 2 };
  expect(renamed(chosen, small, now)).toEqual({ saved: now, text: "{}" });
  // The list had another version by then.
  expect(renamed(chosen, now, { ...now, version: 3 })).toBe(chosen);
  // In the dialog somebody else's version was renamed.
  expect(renamed(chosen, small, { ...now, version: 3 })).toBe(chosen);
  expect(renamed(chosen, saved("Other", "order"), now)).toBe(chosen);
  expect(renamed(undefined, small, now)).toBeUndefined();
});
