import { join } from "node:path";
import { smallDisk } from "@downbeat/message-log/testing";
import { expect, test } from "vitest";
import { openCache } from "./cache.ts";

test("a read model that can't be opened for a full disk says so, and is where it was when there is room", async ({
  skip,
}) => {
  await using disk = await smallDisk();
  if (disk === undefined) return skip("mounting a file system takes more rights");
  const path = join(disk.place, "history.sqlite");
  const before = openCache(path, "a log");
  before.close();
  await disk.fill();
  expect(() => openCache(path, "a log")).toThrow(
    `The disk that holds the read model (${path}) is full. Make room; then it goes on by itself where it was.`,
  );
  expect(() => openCache(join(disk.place, "new.sqlite"), "a log")).toThrow(/^The disk .* is full/);
  await disk.empty();
  const again = openCache(path, "a log");
  expect(again.generation).toBe(before.generation);
  again.close();
});
