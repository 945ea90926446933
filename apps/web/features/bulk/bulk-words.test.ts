import type { BulkView } from "@downbeat/api/views";
import { expect, test } from "vitest";
import { buttonWords, outcomeCounts, titleOf } from "./bulk-words.ts";

test("buttons and titles say what is done to how many", () => {
  expect(buttonWords("retryJob", 500)).toBe("Retry 500 jobs");
  expect(buttonWords("runAgain", 1)).toBe("Run 1 run again");
  expect(titleOf({ verb: "retryJob", targets: 1_200 })).toBe("Retry of 1,200 jobs");
  expect(titleOf({ verb: "cancelRun" })).toBe("Cancellation of runs");
});

test("what has not been acted on is counted as not sent", () => {
  const bulk: BulkView = {
    bulkId: "bulk-1",
    verb: "retryJob",
    about: "",
    reason: "",
    startedBy: "ada",
    startedAt: 0,
    state: "sending",
    targets: 10,
    sent: 6,
    outcomes: { recovered: 5, failedAgain: 1 },
  };
  expect(outcomeCounts(bulk)).toEqual([
    ["recovered", 5],
    ["failedAgain", 1],
    ["waiting", 4],
  ]);
});
