import { expect, test } from "vitest";
import {
  noRunsParams,
  parseLabel,
  parseRunsParams,
  type RunsParams,
  serializeRunsParams,
} from "./search-params.ts";

test("a filter survives its address", () => {
  const params: RunsParams = {
    status: ["stuck", "failed"],
    workflow: "bookTrip",
    labels: { customer: "cust-410", note: "a=b" },
    text: "booking 7",
    range: { type: "last", preset: "24h" },
    by: "ended",
  };
  expect(parseRunsParams(serializeRunsParams(params))).toEqual(params);
});

test("no filter is an empty address", () => {
  expect(serializeRunsParams(noRunsParams).toString()).toBe("");
  expect(parseRunsParams(new URLSearchParams())).toEqual(noRunsParams);
});

test("statuses that do not exist are left out", () => {
  expect(parseRunsParams(new URLSearchParams("status=stuck,exploded")).status).toEqual(["stuck"]);
});

test("a label needs a key and a value", () => {
  expect(parseLabel("orderId=4711")).toEqual(["orderId", "4711"]);
  expect(parseLabel("orderId=")).toBeUndefined();
  expect(parseLabel("=4711")).toBeUndefined();
  expect(parseLabel("4711")).toBeUndefined();
});
