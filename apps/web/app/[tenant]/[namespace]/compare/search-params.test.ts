import { expect, test } from "vitest";
import { parseCompareParams } from "./search-params.ts";

test("a run is compared with another one, not with itself", () => {
  const told: string[] = [];
  const of = (address: string) => parseCompareParams(new URLSearchParams(address), (said) => told.push(said));
  expect(of("run=a&with=b")).toEqual({ all: false, run: "a", with: "b" });
  expect(told).toEqual([]);
  expect(of("run=a&with=a&all=1")).toEqual({ all: true, run: "a" });
  expect(told).toEqual(["“with” names the same run as “run”: it is left out."]);
});
