import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { errorCodes } from "./error-codes.ts";
import { docs } from "./pages.ts";

test("every error code in the source is on the page of errors", async () => {
  const page = await readFile(join(docs, "errors.md"), "utf8");
  const codes = await errorCodes();
  expect([...codes.keys()]).toEqual(
    expect.arrayContaining(["RunIdTaken", "NonDeterminism", "NoAnswerError", "unauthorized", "nothingDue"]),
  );
  const missing = [...codes].filter(([code]) => !page.includes(`\`${code}\``));
  expect(missing.map(([code, file]) => `${code} (${file})`)).toEqual([]);
});

test("the page of errors names no code that is none", async () => {
  const page = await readFile(join(docs, "errors.md"), "utf8");
  const known = new Set([...(await errorCodes()).keys(), "TypeError", "RangeError", "BusinessError"]);
  const tables = page.split("\n").filter((line) => /^\| (&emsp;)?`/.test(line));
  const named = tables.flatMap((line) =>
    Array.from((line.split("|")[1] ?? "").matchAll(/`(\w+)`/g), ([, code = ""]) => code),
  );
  expect(named.filter((code) => !known.has(code))).toEqual([]);
});
