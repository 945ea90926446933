import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import {
  latestTime,
  longestDurationMs,
  maxBufferedSignals,
  maxLabels,
  maxOpenInRun,
  maxPayloadBytes,
  maxPayloadLevels,
  maxStepBytes,
  maxStepRequests,
} from "@downbeat/domain";
import {
  longestLabelName,
  longestLabelValue,
  longestName,
  longestQuery,
  longestReason,
  longestRefusal,
  longestRunId,
} from "@downbeat/protocol";
import { expect, test } from "vitest";
import { mostUnacknowledged } from "../src/worker/handler.ts";

const page = resolve(import.meta.dirname, "../../../docs/writing-workflows.md");

/** The beginning of each row's first cell, and the numbers of its second one, in their order. */
const limits: Readonly<Record<string, readonly number[]>> = {
  "input or output of a job or workflow": [maxPayloadBytes, 8],
  "levels of nested lists and objects": [maxPayloadLevels],
  "what one step asks for": [maxStepRequests, maxStepBytes],
  "jobs, timers, waits for signals": [maxOpenInRun],
  "signals that one run": [maxBufferedSignals],
  "statement of a query": [longestQuery],
  labels: [maxLabels, longestLabelName, longestLabelValue],
  "run id": [longestRunId],
  "name of a signal": [longestName],
  "reason of an action": [longestReason],
  "every duration": [0, 1, longestDurationMs],
  "every moment": numbersOf(new Date(latestTime).toISOString().slice(0, 16).replace(/[-T:]/g, " ")),
  "attempts of a job at a time": [1, mostUnacknowledged],
  "what a refusal": [longestRefusal],
};

test("the table of limits says what the code has, and each limit that it has", async () => {
  const text = await readFile(page, "utf8");
  const table = /^\| what \| limit \|\n.*\n((?:\|.*\n)+)/m.exec(text)?.[1] ?? "";
  const rows = Array.from(table.matchAll(/^\| (.*?) \| (.*) \|$/gm), ([, what = "", limit = ""]) => {
    const key = Object.keys(limits).find((beginning) => what.startsWith(beginning));
    return [key ?? what, numbersOf(limit)] as const;
  });
  expect(Object.fromEntries(rows)).toEqual(limits);
});

function numbersOf(text: string): number[] {
  return Array.from(text.matchAll(/\d+(?:,\d{3})*/g), ([number]) => Number(number.replaceAll(",", "")));
}
