import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const version = "3.2.3";
/** What needs a server of its own on the internet, or lists of paths of other people's products, is left out. */
const modules = [
  "backup",
  "cookieflags",
  "crlf",
  "csp",
  "csrf",
  "exec",
  "file",
  "htaccess",
  "http_headers",
  "methods",
  "permanentxss",
  "redirect",
  "sql",
  "xss",
];
const crawlSeconds = 25;
const moduleSeconds = 6;

export interface Finding {
  readonly what: string;
  readonly path: string;
  readonly parameter: string;
  readonly info: string;
}

const finding = z.object({
  method: z.string(),
  path: z.string(),
  parameter: z.string().nullish(),
  info: z.string(),
});
const findings = z.record(z.string(), z.array(finding));
const report = z.object({
  vulnerabilities: findings,
  anomalies: findings,
  infos: z.object({ crawled_pages_nbr: z.number() }),
});

/** The scanner's program, in an environment of its own. @throws Error when it can't be had */
export function wapiti(root: string): string {
  const folder = join(root, ".cache", `wapiti-${version}`);
  const program = join(folder, "bin", "wapiti");
  if (existsSync(program)) return program;
  rmSync(folder, { recursive: true, force: true });
  run("python3", ["-m", "venv", folder]);
  try {
    run(join(folder, "bin", "pip"), ["install", "--quiet", `wapiti3==${version}`]);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return program;
}

interface Asked {
  readonly program: string;
  readonly url: string;
  readonly cookie: string;
  /** Besides what links lead to. */
  readonly pages: readonly string[];
  /** Of nobody, for what it keeps of this one scan. */
  readonly folder: string;
}

/** @throws Error when it came to no report */
export function scan({ program, url, cookie, pages, folder }: Asked): {
  readonly crawled: number;
  readonly found: readonly Finding[];
} {
  const file = join(folder, "report.json");
  run(program, [
    ...["--url", `${url}/`, "--scope", "domain", "--cookie-value", cookie, "--drop-set-cookie"],
    ...pages.flatMap((page) => ["--start", `${url}${page}`]),
    // Whoever signs out is told nothing any more.
    ...["--exclude", `${url}/signout`],
    ...["--module", modules.join(","), "--depth", "3", "--scan-force", "normal"],
    ...["--max-scan-time", String(crawlSeconds), "--max-attack-time", String(moduleSeconds)],
    ...["--no-bugreport", "--flush-session", "--store-session", folder, "--store-config", folder],
    ...["--format", "json", "--output", file, "--verbose", "0"],
  ]);
  const { vulnerabilities, anomalies, infos } = report.parse(JSON.parse(readFileSync(file, "utf8")));
  const all = [...Object.entries(vulnerabilities), ...Object.entries(anomalies)];
  const found = all.flatMap(([what, each]) =>
    each.map(({ path, parameter, info }) => ({ what, path, parameter: parameter ?? "", info })),
  );
  return { crawled: infos.crawled_pages_nbr, found };
}

function run(program: string, args: readonly string[]): void {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: "utf8" });
  if (status !== 0)
    throw new Error(
      `${program} ended with ${status ?? error?.message}.\n${`${stdout}${stderr}`.slice(-2_000)}`,
    );
}
