import { expect, test } from "vitest";
import { resentWords } from "./mark-words.ts";

test("what came of a command that was sent again is told, and not that it was sent", () => {
  expect(resentWords(undefined)).toBe("Nothing is known about it yet.");
  expect(resentWords({ type: "pending" })).toBe("It is in the log, not decided yet.");
  expect(resentWords({ type: "accepted" })).toBe("It was accepted.");
  expect(resentWords({ type: "refused", code: "UnknownRun", message: "There is no run x." })).toBe(
    "It was refused: There is no run x.",
  );
});
