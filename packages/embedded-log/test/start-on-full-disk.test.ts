import { copyFileSync, writeFileSync } from "node:fs";
import { rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openEmbeddedLog } from "../src/index.ts";
import { LogFile } from "../src/log-file.ts";
import { SqliteEngine } from "../src/storage/sqlite-engine.ts";
import { smallDisk } from "./small-disk.ts";
import { temporaryFile } from "./temporary-file.ts";

/** A log whose process was killed, on a disk on which nothing more fits; `undefined` where no disk can be made. */
async function leftOnFullDisk() {
  const place = await smallDisk();
  if (place === undefined) return undefined;
  const { file, directory } = await temporaryFile();
  const log = await openEmbeddedLog({ file });
  const producer = await log.connect().openProducer("t");
  await producer.send({ payload: Buffer.from("before") });
  const left = join(place, "log.sqlite");
  for (const suffix of ["", "-wal"]) copyFileSync(`${file}${suffix}`, `${left}${suffix}`);
  await log.close();
  await rm(directory, { recursive: true });
  const { bavail, bsize } = await statfs(place);
  const ballast = join(place, "ballast");
  writeFileSync(ballast, Buffer.alloc(bavail * bsize));
  return { file: left, ballast };
}

const sentence =
  /^The disk that holds the log file .* is full: .*Make room \(a few MB\), and start this again; nothing is lost\.$/;

test("a log is opened where there is no room, or it is said that there is none; with room it has everything", async ({
  skip,
}) => {
  const left = await leftOnFullDisk();
  if (left === undefined) return skip("mounting a file system takes more rights");
  const { file, ballast } = left;
  expect(() => new SqliteEngine(file)).toThrow(sentence);
  expect(() => LogFile.open(file), "whoever only reads needs an index").toThrow(sentence);
  await rm(ballast);
  const looked = LogFile.open(file);
  expect(looked.structure()).toEqual([]);
  looked.close();
  const log = await openEmbeddedLog({ file });
  expect(await log.connect().lastPosition("t")).toBeDefined();
  await log.close();
});

test("a log that was closed can be looked at on a full disk", async ({ skip }) => {
  const place = await smallDisk();
  if (place === undefined) return skip("mounting a file system takes more rights");
  const file = join(place, "log.sqlite");
  await (await openEmbeddedLog({ file })).close();
  const { bavail, bsize } = await statfs(place);
  writeFileSync(join(place, "ballast"), Buffer.alloc(bavail * bsize));
  const looked = LogFile.open(file);
  expect(looked.structure()).toEqual([]);
  looked.close();
});
