import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { LogFile } from "./log-file.ts";

let folder: string;
let path: string;
const troubles: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "downbeat-log-file-"));
  path = join(folder, "engine.log");
  troubles.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function logFile(maxBytes: number): LogFile {
  return new LogFile({ path, maxBytes, onTrouble: (sentence) => troubles.push(sentence) });
}

test("the files of a log are bounded in size and number, and hold whole lines, the newest ones", () => {
  const log = logFile(1_000);
  for (let i = 0; i < 500; i++) {
    log.write(Buffer.from(`line ${i} `));
    log.write(Buffer.from("goes on\n"));
  }
  log.close();
  const names = readdirSync(folder).toSorted();
  expect(names).toEqual(["engine.log", "engine.log.1", "engine.log.2"]);
  for (const name of names) expect(statSync(join(folder, name)).size).toBeLessThan(1_100);
  for (const name of names) expect(statSync(join(folder, name)).mode & 0o077).toBe(0);
  const lines = names
    .toReversed()
    .flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n").slice(0, -1));
  const first = 500 - lines.length;
  expect(lines).toEqual(lines.map((_, i) => `line ${first + i} goes on`));
});

test("a log goes on in the file of the run before", () => {
  const before = logFile(1_000);
  before.write(Buffer.from(`${"x".repeat(900)}\n`));
  before.close();
  const log = logFile(1_000);
  log.write(Buffer.from(`${"y".repeat(200)}\n`));
  log.write(Buffer.from("z\n"));
  log.close();
  expect(readFileSync(path, "utf8")).toBe("z\n");
});

test("a log that can't be written says so once, and goes on when it can", () => {
  const log = logFile(1_000);
  log.write(Buffer.from("one\n"));
  log.close();
  rmSync(folder, { recursive: true });
  log.write(Buffer.from("two\n"));
  log.write(Buffer.from("three\n"));
  mkdirSync(folder);
  log.write(Buffer.from("four\n"));
  log.close();
  expect(readFileSync(path, "utf8")).toBe("four\n");
  expect(troubles).toEqual([`${path} can't be written: its directory is gone.`, `${path} is written again.`]);
});
