import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { mkdtemp, rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";
import { openCache } from "./cache.ts";

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

test("a read model that can't be opened for a full disk says so, and is where it was when there is room", async ({
  skip,
}) => {
  const place = await smallDisk();
  if (place === undefined) return skip("mounting a file system takes more rights");
  const path = join(place, "history.sqlite");
  const before = openCache(path, "a log");
  before.close();
  const makeRoom = await fill(place);
  expect(() => openCache(path, "a log")).toThrow(
    `The disk that holds the read model (${path}) is full. Make room; then it goes on by itself where it was.`,
  );
  expect(() => openCache(join(place, "new.sqlite"), "a log")).toThrow(/^The disk .* is full/);
  await makeRoom();
  const again = openCache(path, "a log");
  expect(again.generation).toBe(before.generation);
  again.close();
});
