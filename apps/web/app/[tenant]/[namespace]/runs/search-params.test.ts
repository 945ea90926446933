import { expect, test } from "vitest";
import {
  noRunsParams,
  parseConditions,
  parseRunsParams,
  type RunsParams,
  serializeRunsParams,
} from "./search-params.ts";

test("a filter survives its address", () => {
  const params: RunsParams = {
    status: ["stuck", "failed"],
    workflow: "bookTrip",
    labels: [
      [{ key: "customer", test: "is", value: "cust-410" }],
      [
        { key: "note", test: "is", value: "a=b" },
        { key: "amount", test: "atLeast", value: "100", not: true },
      ],
    ],
    text: "booking 7",
    range: { type: "last", preset: "24h" },
    by: "ended",
  };
  expect(parseRunsParams(serializeRunsParams(params))).toEqual(params);
});

test("a search in what runs said has a beginning, whatever the address says", () => {
  const of = (address: string) => parseRunsParams(new URLSearchParams(address));
  expect(of("content=declined")).toMatchObject({
    content: "declined",
    range: { type: "last", preset: "24h" },
  });
  expect(of("content=declined&range=7d").range).toEqual({ type: "last", preset: "7d" });
  const to = Date.parse("2026-11-23T14:00:00Z");
  expect(of("content=declined&to=2026-11-23T14:00:00Z").range).toEqual({
    type: "between",
    from: to - 86_400_000,
    to,
  });
  expect(of("to=2026-11-23T14:00:00Z").range).toEqual({ type: "between", to });
  expect(parseRunsParams(serializeRunsParams(of("content=a%26b")))).toEqual(of("content=a%26b"));
});

test("no filter is an empty address", () => {
  expect(serializeRunsParams(noRunsParams).toString()).toBe("");
  expect(parseRunsParams(new URLSearchParams())).toEqual(noRunsParams);
});

test("statuses that do not exist are left out", () => {
  expect(parseRunsParams(new URLSearchParams("status=stuck,exploded")).status).toEqual(["stuck"]);
});

test("conditions on labels are read as people write them, an empty value too", () => {
  const labels = (address: string) => parseRunsParams(new URLSearchParams(address)).labels;
  expect(labels("label=orderId%3D4711")).toEqual([[{ key: "orderId", test: "is", value: "4711" }]]);
  expect(labels("label=empty%3D")).toEqual([[{ key: "empty", test: "is", value: "" }]]);
  expect(labels("label=a%3D1+AND+b%3D2&label=c%3D*")).toHaveLength(3);
});

test("a condition that can't be asked is told, and the others stay", () => {
  const told: string[] = [];
  const asked = new URLSearchParams([
    ["label", "customer"],
    ["label", "amount>cheap"],
    ["label", `${"k".repeat(61)}=x`],
    ["label", "order=1"],
  ]);
  expect(parseRunsParams(asked, (problem) => told.push(problem)).labels).toHaveLength(1);
  expect(told).toEqual([
    "“customer” asks for no label: write key=value, key!=value, key>=10 or key=*. It is left out.",
    expect.stringContaining("“amount>cheap” compares with what is no number and no time"),
    expect.stringContaining("No label is as long as"),
  ]);
  expect(parseConditions("__proto__=x")).toHaveProperty("problem");
});
