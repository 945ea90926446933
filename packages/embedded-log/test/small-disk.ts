import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A file system of its own, until the test is finished; `undefined` where this user may not make one. */
export async function smallDisk(size = "4m"): Promise<string | undefined> {
  const place = await mkdtemp(join(tmpdir(), "downbeat-small-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", place], { stdio: "ignore" });
  } catch {
    await rm(place, { recursive: true });
    return undefined;
  }
  onTestFinished(async () => {
    // Lazily: what could not be opened may still hold a file.
    execFileSync("umount", ["--lazy", place]);
    await rm(place, { recursive: true });
  });
  return place;
}
