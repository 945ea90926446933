import type { ActionOutcome, ActionView } from "@downbeat/api/views";
import { expect, test } from "vitest";
import { describeOutcome } from "./outcome.ts";
import { isSettled } from "./settled.ts";

const at = 1_000_000;
const retry = (outcome: ActionOutcome): ActionView => ({
  actionId: "a1",
  verb: "retryJob",
  actor: "maria",
  reason: "the hotel is back",
  at,
  runId: "r1",
  jobId: "j1",
  outcome,
});
const failure = { kind: "technical" as const, name: "ServiceUnavailable", message: "503 again" };

test.each<[ActionOutcome, number, string]>([
  [{ type: "pending" }, 200, "Retrying…"],
  [
    { type: "pending" },
    12_400,
    "No engine has read it for 12 s: it is in the log, and takes effect when one does.",
  ],
  [{ type: "inProgress" }, 3_100, "Retrying: under way for 3 s"],
  [{ type: "recovered", at: at + 1_240 }, 60_000, "Retried: recovered in 1.24 s"],
  [{ type: "failedAgain", at: at + 5_000, failure }, 60_000, "Retried: failed again after 5.00 s: 503 again"],
  [
    { type: "refused", code: "JobNotStuck", message: "bookHotel is not stuck any more." },
    300,
    "Refused: bookHotel is not stuck any more.",
  ],
  [{ type: "accepted" }, 300, "Retried"],
])("%o after %d ms reads %s", (outcome, after, text) => {
  expect(describeOutcome(retry(outcome), at + after).text).toBe(text);
});

test("only what is over is settled", () => {
  expect(isSettled({ type: "pending" })).toBe(false);
  expect(isSettled({ type: "inProgress" })).toBe(false);
  expect(isSettled({ type: "accepted" })).toBe(true);
});
