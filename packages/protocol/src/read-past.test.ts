import { expect, test } from "vitest";
import { isReadPast } from "./read-past.ts";

const receiptAt = Date.UTC(2030, 0, 1);

test.each([
  ["nothing is left", { messages: 0 }, true],
  ["what is left is much later", { messages: 3, oldest: receiptAt + 60_001 }, true],
  [
    "what is left is later by less than clocks may differ",
    { messages: 3, oldest: receiptAt + 60_000 },
    false,
  ],
  ["what is left is older", { messages: 1, oldest: receiptAt - 1 }, false],
  ["the age of what is left is not known", { messages: 1 }, false],
  ["there is no subscription", undefined, false],
])("where %s, the inbox is read past a receipt: %s %s", (_, backlog, isPast) => {
  expect(isReadPast(backlog, receiptAt)).toBe(isPast);
});
