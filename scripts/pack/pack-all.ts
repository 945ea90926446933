import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import { faultsOf } from "./check.ts";
import { published } from "./published.ts";
import { pack } from "./tarball.ts";

/**
 * Builds and packs all that is published.
 *
 * @returns the tarballs
 * @throws Error when something can't be built, or couldn't be used as it was packed
 */
export async function packAll(root: string, to: string): Promise<readonly string[]> {
  buildDashboard(root);
  rmSync(to, { recursive: true, force: true });
  const tarballs: string[] = [];
  for (const one of published) {
    const tarball = await pack(root, one, to);
    const faults = await faultsOf(root, tarball, one.typed);
    if (faults !== "") throw new Error(`${tarball} could not be used as it is.\n${faults}`);
    tarballs.push(tarball);
  }
  return tarballs;
}

function buildDashboard(root: string): void {
  const turbo = createRequire(import.meta.url).resolve("turbo/bin/turbo");
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", TURBO_TELEMETRY_DISABLED: "1" };
  const args = [turbo, "run", "build", "--filter=@downbeat/web", "--output-logs=errors-only"];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, env, encoding: "utf8" });
  if (status !== 0) throw new Error(`The dashboard could not be built.\n${stdout}${stderr}`);
}
