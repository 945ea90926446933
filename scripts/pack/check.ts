import { spawnSync } from "node:child_process";
import { join } from "node:path";

/**
 * What publint and are-the-types-wrong find fault with in a tarball; nothing when all is well.
 *
 * The profile leaves out what we don't claim: resolution as in Node 10, and `require()` on a Node that has none for ES modules.
 */
export function faultsOf(root: string, tarball: string, typed: boolean): string {
  const tools = [["publint", "run", tarball, "--strict"]];
  if (typed) tools.push(["attw", tarball, "--profile", "esm-only", "--format", "ascii", "--no-emoji"]);
  return tools.map(([tool = "", ...args]) => saidBy(join(root, "node_modules", ".bin", tool), args)).join("");
}

function saidBy(tool: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(tool, args, { encoding: "utf8" });
  return status === 0 ? "" : `${stdout}${stderr}`;
}
