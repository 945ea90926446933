import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { jsonText, plain, printLine, printNote } from "./print.ts";
import { table } from "./table.ts";
import { ago, duration, momentWords, shortId } from "./words.ts";

test("names from outside can't steer the terminal", () => {
  expect(plain("a\u001b[31mred\u0007\u202eb\nc")).toBe("a□[31mred□□b c");
});

const steers = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const odd = fc.string({
  unit: fc.oneof(
    fc.string({ unit: "binary", maxLength: 1 }),
    fc.constantFrom("\u009b2J", "\u001b[31m", "\u202e", "\u2066", "\r", "\n"),
  ),
});

test("whatever is printed, in words or as JSON, nothing in it steers the terminal", () => {
  const written: string[] = [];
  const keep = (text: unknown) => written.push(String(text)) > 0;
  const out = vi.spyOn(process.stdout, "write").mockImplementation(keep);
  const err = vi.spyOn(process.stderr, "write").mockImplementation(keep);
  fc.assert(
    fc.property(odd, (text) => {
      printLine(text);
      printNote(text);
      expect(written.splice(0).join("").replaceAll("\n", "")).not.toMatch(steers);
    }),
  );
  out.mockRestore();
  err.mockRestore();
  fc.assert(
    fc.property(fc.dictionary(odd, odd), (value) => {
      const json = jsonText(value);
      expect(json.replaceAll("\n", "")).not.toMatch(steers);
      expect(JSON.parse(json)).toEqual(value);
    }),
  );
});

test("nothing reaches the terminal but through what makes it harmless", () => {
  const source = join(import.meta.dirname, "..");
  const files = readdirSync(source, { recursive: true, encoding: "utf8" });
  const writing = files
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .filter((file) => /std(?:out|err)\.write|console\./.test(readFileSync(join(source, file), "utf8")));
  expect(writing.sort()).toEqual([
    "completion/command.ts",
    // These show what a person's own programs print, as they print it.
    "dev/host.ts",
    "dev/hosted-code.ts",
    "dev/restarted-process.ts",
    // A program gets what the server wrote; a terminal what makes it harmless.
    "export/write-list.ts",
    "output/print.ts",
    "start/start.ts",
  ]);
});

test("a table is aligned, and cut where the terminal ends", () => {
  const rows = [
    ["run-1", "a long sentence about it"],
    ["r", "short"],
  ];
  expect(table(["RUN", "WHAT"], rows, undefined)).toBe(
    "RUN    WHAT\nrun-1  a long sentence about it\nr      short",
  );
  expect(table(["RUN", "WHAT"], rows, 16)).toBe("RUN    WHAT\nrun-1  a long s…\nr      short");
});

test("every number of a time can be shown, though no calendar has it", () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (at) => {
      expect(momentWords(at)).not.toBe("");
    }),
  );
  expect([momentWords(9e15), momentWords(0)]).toEqual(["9000000000000000", "1970-01-01T00:00:00.000Z"]);
});

test("times and ids as a person says them", () => {
  expect([850, 1_240, 12_300, 192_000, 299_700, 7_500_000, 270_000_000].map((ms) => duration(ms))).toEqual([
    "850 ms",
    "1.24 s",
    "12.3 s",
    "3 min 12 s",
    "5 min",
    "2 h 5 min",
    "3 d 3 h",
  ]);
  expect([1_000, 30_000, 180_000, 7_200_000, 3 * 86_400_000].map((ms) => ago(0, ms))).toEqual([
    "now",
    "30 s ago",
    "3 min ago",
    "2 h ago",
    "3 days ago",
  ]);
  expect(shortId("0191d2a4-5b1e-7c3a-9f10-2b8c5d6e7f80", false)).toBe("0191d2a4-5b1…5d6e7f80");
  expect(shortId("0191d2a4-5b1e-7c3a-9f10-2b8c5d6e7f80", true)).toHaveLength(36);
});
