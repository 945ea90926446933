import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { mkdtemp, rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface SmallDisk extends AsyncDisposable {
  /** Its folder. */
  readonly place: string;
  /** Leaves no room, or so many blocks. */
  fill(blocks?: number): Promise<void>;
  empty(): Promise<void>;
}

/** A file system of its own; `undefined` where this user may not make one. */
export async function smallDisk(size = "4m"): Promise<SmallDisk | undefined> {
  const place = await mkdtemp(join(tmpdir(), "downbeat-small-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", place], { stdio: "ignore" });
  } catch {
    await rm(place, { recursive: true });
    return undefined;
  }
  const ballast = join(place, "ballast");
  return {
    place,
    fill: async (blocks = 0) => {
      const { bavail, bsize } = await statfs(place);
      writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail - blocks) * bsize), { flag: "a" });
    },
    empty: () => rm(ballast),
    [Symbol.asyncDispose]: async () => {
      // Lazily: what could not be opened may still hold a file.
      execFileSync("umount", ["--lazy", place]);
      await rm(place, { recursive: true });
    },
  };
}
