import { copyFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type SmallDisk, smallDisk } from "@downbeat/message-log/testing";
import { expect, test } from "vitest";
import { openEmbeddedLog } from "../src/index.ts";
import { LogFile } from "../src/log-file.ts";
import { SqliteEngine } from "../src/storage/sqlite-engine.ts";
import { temporaryFile } from "./temporary-file.ts";

/** A log whose process was killed, on which nothing more fits then. @returns its file */
async function leftOnFull(disk: SmallDisk): Promise<string> {
  const { file, directory } = await temporaryFile();
  const log = await openEmbeddedLog({ file });
  const producer = await log.connect().openProducer("t");
  await producer.send({ payload: Buffer.from("before") });
  const left = join(disk.place, "log.sqlite");
  for (const suffix of ["", "-wal"]) copyFileSync(`${file}${suffix}`, `${left}${suffix}`);
  await log.close();
  await rm(directory, { recursive: true });
  await disk.fill();
  return left;
}

const sentence =
  /^The disk that holds the log file .* is full: .*Make room \(a few MB\), and start this again; nothing is lost\.$/;

test("a log is opened where there is no room, or it is said that there is none; with room it has everything", async ({
  skip,
}) => {
  await using disk = await smallDisk();
  if (disk === undefined) return skip("mounting a file system takes more rights");
  const file = await leftOnFull(disk);
  expect(() => new SqliteEngine(file)).toThrow(sentence);
  expect(() => LogFile.open(file), "whoever only reads needs an index").toThrow(sentence);
  await disk.empty();
  const looked = LogFile.open(file);
  expect(looked.structure()).toEqual([]);
  looked.close();
  const log = await openEmbeddedLog({ file });
  expect(await log.connect().lastPosition("t")).toBeDefined();
  await log.close();
});

test("a log that was closed can be looked at on a full disk", async ({ skip }) => {
  await using disk = await smallDisk();
  if (disk === undefined) return skip("mounting a file system takes more rights");
  const file = join(disk.place, "log.sqlite");
  await (await openEmbeddedLog({ file })).close();
  await disk.fill();
  const looked = LogFile.open(file);
  expect(looked.structure()).toEqual([]);
  looked.close();
});
