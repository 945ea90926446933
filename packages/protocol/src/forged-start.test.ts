import { expect, test } from "vitest";
import { inboxMessageOf, parseInboxMessage } from "./inbox-message.ts";

const start = { type: "StartRun", commandId: "c", runId: "r", workflow: "w", input: "1" };
const labels = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`l${index}`, "x"]));

test.each<[string, object, RegExp]>([
  ["400 labels", labels(400), /labels: at most 20 labels/],
  ["a label without a name", { "": "x" }, /labels/],
  ["a label with too long a name", { ["n".repeat(61)]: "x" }, /labels/],
  ["a label with too long a value", { n: "x".repeat(201) }, /labels\.n/],
])("a start that nobody checked, with %s, is left out with what is wrong", (_, odd, reason) => {
  const commands = [
    JSON.stringify({ ...start, labels: odd }),
    JSON.stringify({ ...start, labels: labels(20) }),
  ];
  const parsed = parseInboxMessage(inboxMessageOf(commands));
  expect(parsed.malformed).toEqual([{ reason: expect.stringMatching(reason), text: commands[0] }]);
  expect(parsed.commands).toHaveLength(1);
});
