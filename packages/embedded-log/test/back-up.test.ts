import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { backup, DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { backUp } from "../src/storage/back-up.ts";
import { temporaryFile } from "./temporary-file.ts";

test.each([
  ["not an error", true],
  ["disk I/O error", false],
])("a copy that ends with %j is begun again: %s", async (message, isAgain) => {
  const { directory, file } = await temporaryFile();
  onTestFinished(() => rm(directory, { recursive: true }));
  const source = new DatabaseSync(file);
  source.exec("CREATE TABLE t (a)");
  let tries = 0;
  const copying = backUp(source, `${file}.copy`, async (...given) => {
    tries += 1;
    if (tries === 1) throw new Error(message);
    return backup(...given);
  });
  if (isAgain) await copying;
  else await expect(copying).rejects.toThrow(message);
  expect([tries, existsSync(`${file}.copy`)]).toEqual(isAgain ? [2, true] : [1, false]);
  source.close();
});
