import { expect, test } from "vitest";
import { jobStatus, lookOfJob, lookOfRun, runStatus, runStatuses } from "./status.ts";

test("every status has a word of its own, so colour is never needed to tell them apart", () => {
  const words = Object.values(runStatus).map(({ word }) => word);
  expect(new Set(words).size).toBe(words.length);
});

test("only what needs a person is red", () => {
  const red = [...Object.entries(runStatus), ...Object.entries(jobStatus)].filter(
    ([, { tone }]) => tone === "stuck",
  );
  expect(red.map(([name]) => name)).toEqual(["stuck", "stuck"]);
});

test("an unknown status is neutral and named, not a crash", () => {
  expect(lookOfRun("paused")).toMatchObject({ word: "Unknown", tone: "ended" });
  expect(lookOfRun("paused").meaning).toContain("“paused”");
  expect(lookOfJob("toString")).toMatchObject({ word: "Unknown" });
});

test("statuses are listed in the order of the record", () => expect(runStatuses[0]).toBe("running"));
