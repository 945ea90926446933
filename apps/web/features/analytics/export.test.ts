import { expect, test } from "vitest";
import { toCsv, toJson } from "./export.ts";

const column = (name: string) => ({ name, type: "" });
const table = (names: string[], ...rows: (string | number | boolean | null | object)[][]) =>
  ({ columns: names.map(column), rows, isCut: false }) as Parameters<typeof toCsv>[0];

test("CSV has a head, ends each line with CRLF, and quotes what would be read wrongly", () => {
  expect(toCsv(table(["a", "b,c"], ["plain", 'he said "no"'], ["two\nlines", 1.5]))).toBe(
    'a,"b,c"\r\nplain,"he said ""no"""\r\n"two\nlines",1.5\r\n',
  );
});

test("nothing and an empty text can be told apart; nested values are JSON", () => {
  expect(toCsv(table(["a", "b", "c"], [null, "", { x: [1] }]))).toBe('a,b,c\r\n,"","{""x"":[1]}"\r\n');
});

test("JSON keeps numbers numbers, and two columns of one name", () => {
  expect(JSON.parse(toJson(table(["n", "n", "t"], [1, 2, "9007199254740993"])))).toEqual([
    { n: 1, n_2: 2, t: "9007199254740993" },
  ]);
});
