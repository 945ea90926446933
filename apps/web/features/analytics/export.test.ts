import fc from "fast-check";
import { expect, test } from "vitest";
import { toCsv, toJson } from "./export.ts";

const column = (name: string) => ({ name, type: "" });
const table = (names: string[], ...rows: (string | number | boolean | null | object)[][]) =>
  ({ columns: names.map(column), rows, isCut: false }) as Parameters<typeof toCsv>[0];

test("CSV has a head, ends each line with CRLF, and quotes what would be read wrongly", () => {
  expect(toCsv(table(["a", "b,c"], ["plain", 'he said "no"'], ["two\nlines", 1.5]))).toBe(
    '\ufeffa,"b,c"\r\nplain,"he said ""no"""\r\n"two\nlines",1.5\r\n',
  );
});

test("nothing and an empty text can be told apart; nested values are JSON", () => {
  expect(toCsv(table(["a", "b", "c"], [null, "", { x: [1] }]))).toBe('\ufeffa,b,c\r\n,"","{""x"":[1]}"\r\n');
});

test("JSON keeps numbers numbers, and two columns of one name", () => {
  expect(JSON.parse(toJson(table(["n", "n", "t"], [1, 2, "9007199254740993"])))).toEqual([
    { n: 1, n_2: 2, t: "9007199254740993" },
  ]);
});

test.each([
  ["=1+1", "'=1+1"],
  ["=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"],
  ["+49 30 1234", "'+49 30 1234"],
  ["-2+3", "'-2+3"],
  ["@SUM(A1)", "'@SUM(A1)"],
  [" =1", "' =1"],
  ["\uff1d1+1", "'\uff1d1+1"],
  ["-12.50", "-12.50"],
  ["9007199254740993", "9007199254740993"],
  ["a=b", "a=b"],
])("the text %s is no formula in a spreadsheet", (text, written) => {
  expect(toCsv(table(["a"], [text]))).toBe(`\ufeffa\r\n${written}\r\n`);
});

test("no text at all is a formula, and a number stays what it is", () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom("=", "+", "-", "@", "\t=", "\r="), (rest, sign) => {
      const line = toCsv(table([`${sign}x${rest}`], [`${sign}x${rest}`])).slice(1);
      expect(line).toMatch(/^"?'/);
    }),
  );
  expect(toCsv(table(["a"], [-5]))).toBe("\ufeffa\r\n-5\r\n");
});

test("columns don't shift where semicolons separate them", () => {
  expect(toCsv(table(["a"], ["x;=1+1"]))).toBe('\ufeffa\r\n"x;=1+1"\r\n');
});

test("a file that is cut says so", () => {
  const cut = { ...table(["n"], [1], [2]), isCut: true };
  const words = "Cut here: these are the first 2 rows, and there are more.";
  expect(toCsv(cut)).toBe(`\ufeffn\r\n1\r\n2\r\n"${words}"\r\n`);
  expect(JSON.parse(toJson(cut))).toEqual({ cut: words, rows: [{ n: 1 }, { n: 2 }] });
});
