import { expect, test } from "vitest";
import { nameBeside } from "./name-beside.ts";

test("a name beside another one fits the server's limit", () => {
  expect(nameBeside(" Small order ")).toBe("Small order (2)");
  expect(nameBeside("x".repeat(100))).toBe(`${"x".repeat(96)} (2)`);
});
