import { expect, test } from "vitest";
import { meantRuns } from "./meant-runs.ts";

test("the one run that is found is meant, and what is typed stays a choice: it may be older than what is looked through", () => {
  expect(meantRuns("trip-1", ["trip-10"])).toEqual(["trip-10", "trip-1"]);
  expect(meantRuns("Lovelace", ["trip-7"])).toEqual(["trip-7", "Lovelace"]);
});

test("a whole id comes before what begins with it", () => {
  expect(meantRuns("trip-1", ["trip-1"])).toEqual(["trip-1"]);
  expect(meantRuns("trip-1", ["trip-10", "trip-1", "trip-11"])).toEqual(["trip-1"]);
});

test("where several are found, or none, what is typed is meant", () => {
  expect(meantRuns("trip", ["trip-1", "trip-2"])).toEqual(["trip"]);
  expect(meantRuns("trip-1", [])).toEqual(["trip-1"]);
  expect(meantRuns("", ["trip-1"])).toEqual([]);
});
