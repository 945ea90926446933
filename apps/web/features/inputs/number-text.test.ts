import { expect, test } from "vitest";
import { numberJson, numberText } from "./number-text.ts";

test("a number is taken digit by digit", () => {
  for (const number of ["3544790567247868102", "1.10", "-0.5", "1e20", "0"]) {
    expect(numberJson(` ${number} `)).toBe(number);
    expect(numberText(number)).toBe(number);
  }
  expect(numberJson("+3544790567247868102")).toBe("3544790567247868102");
});

test("what JSON writes otherwise is written so, and what is no number is a text", () => {
  expect([numberJson("1."), numberJson(".5"), numberJson("007"), numberJson("")]).toEqual([
    "1",
    "0.5",
    "7",
    undefined,
  ]);
  expect([numberJson("three"), numberText('"three"'), numberText("null"), numberText(undefined)]).toEqual([
    '"three"',
    "three",
    "",
    "",
  ]);
});
