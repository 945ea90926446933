import { join } from "node:path";
import { smallDisk } from "@downbeat/message-log/testing";
import { expect, test } from "vitest";
import { NoRoomForSnapshot, SqliteStateStores } from "../src/index.ts";

test("snapshots that can't be opened for a full disk say so, and are kept", async ({ skip }) => {
  await using disk = await smallDisk();
  if (disk === undefined) return skip("mounting a file system takes more rights");
  const path = join(disk.place, "engine.sqlite");
  const open = () => new SqliteStateStores(path, () => {});
  open().close();
  await disk.fill();
  expect(open).toThrow(NoRoomForSnapshot);
  await disk.empty();
  const again = open();
  expect(again.rebuilt).toBeUndefined();
  again.close();
});
