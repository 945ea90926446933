import type { BulkView } from "@downbeat/api/views";
import { expect, test } from "vitest";
import { showTimesOf } from "../../lib/zone.ts";
import {
  buttonWords,
  outcomeCounts,
  outcomeFilters,
  outcomeLook,
  settingWords,
  stateLook,
  titleOf,
  verbWords,
  whenWords,
} from "./bulk-words.ts";

showTimesOf("UTC");

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

test("buttons and titles say what is done to how many", () => {
  expect(buttonWords("retryJob", 500)).toBe("Retry 500 jobs");
  expect(buttonWords("runAgain", 1)).toBe("Run 1 run again");
  expect(titleOf({ verb: "retryJob", targets: 1_200 })).toBe("Retry of 1,200 jobs");
  expect(titleOf({ verb: "cancelRun" })).toBe("Cancellation of runs");
});

test("a button says when, where that is later", () => {
  const now = Date.parse("2026-11-23T14:00:00Z");
  expect(whenWords(now + 8 * 3_600_000, now)).toBe(" at 22:00");
  expect(whenWords(now + 24 * 3_600_000, now)).toBe(" on Nov 24, 14:00");
  expect(whenWords(now, now)).toBe("");
  expect(whenWords(Number.NaN, now)).toBe("");
});

test("what has not been acted on is counted as not sent", () => {
  expect(outcomeCounts(bulk)).toEqual([
    ["recovered", 5],
    ["failedAgain", 1],
    ["waiting", 4],
  ]);
});

test("the outcome that is chosen can still be seen when no target has it any more", () => {
  expect(outcomeFilters(bulk, "underWay")).toEqual([
    ["recovered", 5],
    ["failedAgain", 1],
    ["underWay", 0],
    ["waiting", 4],
  ]);
  expect(outcomeFilters(bulk, "recovered")).toEqual(outcomeCounts(bulk));
});

test("what is not sent when it is over is never sent", () => {
  expect(outcomeLook("waiting").word).toBe("Not sent yet");
  expect(outcomeLook("waiting", true).word).toBe("Not sent");
});

test("words of a newer server are shown as they are, also those that every object has", () => {
  for (const word of ["postponed", "constructor", "__proto__"]) {
    expect(stateLook(word)).toEqual({ word, tone: "ended" });
    expect(outcomeLook(word)).toEqual({ word, tone: "ended" });
    expect(verbWords(word).noun).toBe(word);
  }
});

test.each([
  ["listing", 0, "The first 5 will be tried before the others; at most 20 % are allowed to fail"],
  ["scheduled", 0, "The first 5 will be tried before the others; at most 20 % are allowed to fail"],
  ["canary", 0, "The first 5 are being tried before the others; at most 20 % are allowed to fail"],
  ["sending", 6, "The first 5 were tried before the others; at most 20 % are allowed to fail"],
  ["done", 10, "The first 5 were tried before the others; at most 20 % were allowed to fail"],
  ["stopped", 0, "The first 5 were to be tried before the others; at most 20 % were allowed to fail"],
] as const)("the canary of a bulk action that is %s is told in its tense", (state, sent, words) => {
  const [canary] = settingWords({ ...bulk, state, sent, canary: { size: 5, mostFailed: 0.2 } });
  expect(canary).toBe(words);
});

test("rate and time are told, too", () => {
  const startAt = Date.parse("2026-11-23T14:00:00Z");
  expect(settingWords(bulk)).toEqual(["No canary", "as fast as possible"]);
  expect(settingWords({ ...bulk, perMinute: 1_000, startAt })).toEqual([
    "No canary",
    "at most 1,000 a minute",
    "no earlier than Nov 23, 14:00",
  ]);
});
