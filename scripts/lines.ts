import { execFileSync } from "node:child_process";
import { join } from "node:path";

/**
 * Lines of TypeScript without tests, benches and contract suites, of two commits: the table of docs/hardening.md.
 *
 *   node scripts/lines.ts [before] [now]
 */

const root = join(import.meta.dirname, "..");
const [before = "0893d089", now = "HEAD"] = process.argv.slice(2);
const core = ["packages/domain", "packages/engine", "packages/protocol", "packages/sdk"];

function git(...args: readonly string[]): string {
  return execFileSync("git", args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 30 });
}

/** By package or app. */
function linesOf(commit: string): Map<string, number> {
  const counts = new Map<string, number>();
  // Each line of each file, as `commit:path:number`; the last one of a file is how many it has.
  const found = git(
    "grep",
    "-c",
    "",
    commit,
    "--",
    "packages/*.ts",
    "packages/*.tsx",
    "apps/*.ts",
    "apps/*.tsx",
  );
  for (const line of found.trim().split("\n")) {
    const [, path = "", count = "0"] = /^[^:]+:(.*):(\d+)$/.exec(line) ?? [];
    if (/\.test\.|\/test\/|bench|contract|\.d\.ts$/.test(path)) continue;
    const name = path.split("/").slice(0, 2).join("/");
    counts.set(name, (counts.get(name) ?? 0) + Number(count));
  }
  return counts;
}

const [earlier, today] = [linesOf(before), linesOf(now)];
const sum = (counts: ReadonlyMap<string, number>, names: Iterable<string>) =>
  [...names].reduce((total, name) => total + (counts.get(name) ?? 0), 0);
const shown = (count: number) => (count === 0 ? "" : ` ${count.toLocaleString("en")}`);
const row = (name: string, one: number, other: number) =>
  console.log(`| ${name} |${shown(one)} |${shown(other)} |`);

console.log("| package | before | now |\n| --- | --- | --- |");
const names = [...new Set([...earlier.keys(), ...today.keys()])];
const places = ["packages", "apps"];
const ordered = places.flatMap((place) => names.filter((name) => name.startsWith(`${place}/`)).sort());
for (const name of ordered) row(`\`${name}\``, earlier.get(name) ?? 0, today.get(name) ?? 0);
row("domain, engine, protocol and sdk", sum(earlier, core), sum(today, core));
row("all", sum(earlier, earlier.keys()), sum(today, today.keys()));
