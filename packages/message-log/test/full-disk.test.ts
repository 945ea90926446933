import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isOfFullDisk } from "../src/sqlite/index.ts";

test("an error of the disk is no full disk where there is room", () => {
  const file = join(tmpdir(), "log.sqlite");
  const error = (errcode: number) => Object.assign(new Error("disk I/O error"), { errcode });
  expect(isOfFullDisk(error(10), file)).toBe(false);
  expect(isOfFullDisk(error(5_386), file)).toBe(false);
  expect(isOfFullDisk(error(13), file)).toBe(true);
  expect(isOfFullDisk(new Error("other"), file)).toBe(false);
});
