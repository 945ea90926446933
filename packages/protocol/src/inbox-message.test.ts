import { expect, test } from "vitest";
import { parseInboxMessage } from "./inbox-message.ts";
import { encodeQuarantineMessage } from "./quarantine-message.ts";

const start = { type: "StartRun", commandId: "c1", runId: "r1", workflow: "w", input: "null" };

test("a command nested so deeply that it can't be written again goes to quarantine as the message it came in", () => {
  const text = `{"commands":[${"[".repeat(100_000)}${"]".repeat(100_000)}]}`;
  const { commands, malformed } = parseInboxMessage(Buffer.from(text));
  expect(commands).toEqual([]);
  expect(malformed).toEqual([{ reason: expect.any(String), text }]);
});

test("a malformed command leaves its neighbours alone", () => {
  const { commands, malformed } = parseInboxMessage(
    Buffer.from(JSON.stringify({ commands: [start, { type: "Explode" }, { ...start, runId: "r2" }] })),
  );
  expect(commands.map((command) => "runId" in command && command.runId)).toEqual(["r1", "r2"]);
  expect(malformed).toHaveLength(1);
});

test("the reason is a sentence of bounded length, however much is wrong", () => {
  const labels = Object.fromEntries(Array.from({ length: 70_000 }, (_, index) => [`label${index}`, index]));
  const text = JSON.stringify({ commands: [{ ...start, labels }] });
  const [malformed] = parseInboxMessage(Buffer.from(text)).malformed;
  expect(malformed?.reason.length).toBeLessThan(600);
  expect(malformed?.reason).toContain("labels");
  const quarantined = encodeQuarantineMessage({
    topic: "inbox-partition-0",
    position: "1:0",
    reason: "x".repeat(2_000_000),
    text,
    at: 1,
  });
  expect(quarantined.byteLength).toBeLessThan(200_000);
});
