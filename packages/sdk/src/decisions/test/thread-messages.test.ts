import { expect, test } from "vitest";
import { isFromThread } from "../threads/thread-messages.ts";

test.each([
  { type: "ready", workflows: [], missing: [] },
  { type: "failed", reason: "no such file" },
  { type: "replies", replies: [{ type: "check", id: 1, answer: { type: "checked" } }] },
  { type: "stray", key: "r", error: {} },
  { type: "line", line: {} },
  { type: "problem", problem: "odd", error: {} },
  { type: "fault", key: "r", failure: {} },
])("$type is what a thread says", (told) => {
  expect(isFromThread(told)).toBe(true);
});

test.each([
  ...[null, undefined, 0, "ready", [], {}, { type: null }, { type: "toString" }, { type: "__proto__" }],
  ...[{ type: "replies" }, { type: "replies", replies: null }, { type: "replies", replies: [null] }],
  ...[{ type: "ready", workflows: "all" }, { type: "line" }, { type: "fault", key: "r" }],
])("%j is nothing that a thread says", (told) => {
  expect(isFromThread(told)).toBe(false);
});
