import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { mkdtemp, rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";
import { NoRoomForSnapshot, SqliteStateStores } from "../src/index.ts";

async function smallDisk(): Promise<string | undefined> {
  const place = await mkdtemp(join(tmpdir(), "downbeat-small-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", place], { stdio: "ignore" });
  } catch {
    await rm(place, { recursive: true });
    return undefined;
  }
  onTestFinished(async () => {
    execFileSync("umount", ["--lazy", place]);
    await rm(place, { recursive: true });
  });
  return place;
}

/** @returns makes room again */
async function fill(place: string): Promise<() => Promise<void>> {
  const { bavail, bsize } = await statfs(place);
  writeFileSync(join(place, "ballast"), Buffer.alloc(bavail * bsize));
  return () => rm(join(place, "ballast"));
}

test("snapshots that can't be opened for a full disk say so, and are kept", async ({ skip }) => {
  const place = await smallDisk();
  if (place === undefined) return skip("mounting a file system takes more rights");
  const path = join(place, "engine.sqlite");
  const open = () => new SqliteStateStores(path, () => {});
  open().close();
  const makeRoom = await fill(place);
  expect(open).toThrow(NoRoomForSnapshot);
  await makeRoom();
  const again = open();
  expect(again.rebuilt).toBeUndefined();
  again.close();
});
