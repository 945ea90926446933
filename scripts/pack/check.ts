import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

/**
 * What publint and are-the-types-wrong find fault with in a tarball; nothing when all is well.
 *
 * The profile leaves out what we don't claim: resolution as in Node 10, and `require()` on a Node that has none for ES modules.
 */
export async function faultsOf(root: string, tarball: string, typed: boolean): Promise<string> {
  const types = typed
    ? saidBy(join(root, "node_modules", ".bin", "attw"), [
        tarball,
        "--profile",
        "esm-only",
        "--format",
        "ascii",
        "--no-emoji",
      ])
    : "";
  return `${await modulesOf(tarball)}${types}`;
}

async function modulesOf(tarball: string): Promise<string> {
  const { buffer } = Uint8Array.from(await readFile(tarball));
  const { messages, pkg } = await publint({ pack: { tarball: buffer }, strict: true, level: "warning" });
  return messages
    .filter((message) => !isForBrowsers(message.args))
    .map((message) => `${formatMessage(message, pkg, { color: false }) ?? message.code}\n`)
    .join("");
}

/** Scripts of the dashboard are no module of the package: publint takes words within their texts, such as "import from", for code. */
function isForBrowsers(args: object): boolean {
  return "actualFilePath" in args && String(args.actualFilePath).startsWith("/dashboard/.next/static/");
}

function saidBy(tool: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(tool, args, { encoding: "utf8" });
  return status === 0 ? "" : `${stdout}${stderr}`;
}
