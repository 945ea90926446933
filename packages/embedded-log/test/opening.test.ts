import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { until } from "@downbeat/message-log/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { EmbeddedLogOpenError, openEmbeddedLog } from "../src/index.ts";
import { temporaryFile } from "./temporary-file.ts";

let file = "";
let directory = "";
beforeEach(async () => {
  ({ file, directory } = await temporaryFile());
});
afterEach(() => rm(directory, { recursive: true }));

async function openingFails(path: string, message: RegExp): Promise<void> {
  const error = await openEmbeddedLog({ file: path }).then(
    () => expect.fail("it opened"),
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(EmbeddedLogOpenError);
  expect(String(error)).toMatch(message);
}

test("makes the file and its directories", async () => {
  const log = await openEmbeddedLog({ file: join(directory, "a", "b", "log.db") });
  await log.close();
});

test("a path below a file is not writable", async () => {
  await writeFile(file, "");
  await openingFails(join(file, "log.db"), /not writable.*choose another directory/);
});

test("a directory is not a file", async () => {
  await mkdir(file);
  await openingFails(file, /is not a file/);
});

test("something else than a database", async () => {
  await writeFile(
    file,
    "This is a shopping list, not a database, and it is long enough to look at. ".repeat(50),
  );
  await openingFails(file, /is not a log file/);
});

test("another program's database", async () => {
  const other = new DatabaseSync(file);
  other.exec("CREATE TABLE bookings (id INTEGER)");
  other.close();
  await openingFails(file, /database of another program/);
});

test("a newer format", async () => {
  await (await openEmbeddedLog({ file })).close();
  const newer = new DatabaseSync(file);
  newer.exec("PRAGMA user_version = 99");
  newer.close();
  await openingFails(file, /has format 99/);
});

test("a damaged file", async () => {
  const log = await openEmbeddedLog({ file });
  const producer = await log.connect().openProducer("t");
  await Promise.all(Array.from({ length: 200 }, () => producer.send({ payload: Buffer.alloc(1_000) })));
  await log.close();
  const bytes = await readFile(file);
  bytes.fill(0xff, 4_096 * 3, 4_096 * 30);
  await writeFile(file, bytes);
  await openingFails(file, /is damaged.*[Rr]estore/);
});

test("a file this process has open", async () => {
  const log = await openEmbeddedLog({ file });
  await openingFails(file, /in use by another process/);
  await log.close();
  await (await openEmbeddedLog({ file })).close();
});

test("a file another process has open, until that process is gone", async () => {
  const child = spawn(process.execPath, [
    fileURLToPath(new URL("./crash-child.ts", import.meta.url)),
    file,
    `${file}.r`,
  ]);
  try {
    const written = () => readFile(`${file}.r`, "utf8").catch(() => "");
    await until("the other process writes", async () => (await written()) !== "");
    await openingFails(file, /in use by another process/);
  } finally {
    child.kill("SIGKILL");
    await once(child, "close");
  }
  await (await openEmbeddedLog({ file })).close();
});
