import { expect, test } from "vitest";
import { parseAnalyticsParams, serializeAnalyticsParams } from "./search-params.ts";

test("a query survives the way through an address as it is", () => {
  const params = {
    sql: "SELECT 'ä & b'\nFROM runs -- 100 %",
    source: "pulsarSql",
    rows: 100,
    view: "chart",
  } as const;
  expect(parseAnalyticsParams(new URLSearchParams(serializeAnalyticsParams(params).toString()))).toEqual(
    params,
  );
});

test("what is usual is not in the address, and what is wrong in one is left out", () => {
  expect(serializeAnalyticsParams({ rows: 1_000, view: "table" }).toString()).toBe("");
  expect(parseAnalyticsParams(new URLSearchParams("rows=7&view=pie&sql="))).toEqual({
    rows: 1_000,
    view: "table",
  });
});

test("a query too long for an address stays out of it", () => {
  expect(serializeAnalyticsParams({ sql: "é".repeat(1_000) }).has("sql")).toBe(false);
});
