import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** For pictures that are scaled where they are served, and for tracing: the dashboard has neither. */
const unneeded = ["sharp", "@img", "detect-libc", "semver", "@opentelemetry"];

/**
 * Copies the built dashboard with what it runs on, and nothing of it that knows this machine.
 *
 * @throws Error for a package in it that NOTICE does not name
 */
export function copyDashboard(root: string, to: string, named: ReadonlySet<string>): void {
  const build = join(root, "apps", "web", ".next");
  const traced = join(build, "standalone");
  const modules = join(traced, "node_modules");
  const modulesTo = join(to, "node_modules");
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  cpSync(join(traced, "apps", "web", ".next"), join(to, ".next"), { recursive: true });
  cpSync(join(build, "static"), join(to, ".next", "static"), { recursive: true });
  cpSync(modules, modulesTo, { recursive: true });
  for (const name of unneeded) rmSync(join(modulesTo, name), { recursive: true, force: true });
  for (const file of globSync("**/*.map", { cwd: to })) rmSync(join(to, file));
  for (const name of globSync(["*/package.json", "@*/*/package.json"], { cwd: modulesTo }).map(dirname))
    if (!named.has(name)) throw new Error(`The built dashboard holds ${name}, which NOTICE doesn't name.`);
  // Next's own manifest, and the licences of what Next holds itself.
  for (const file of globSync("dist/compiled/**/{LICENSE,license}*", {
    cwd: join(root, "node_modules/next"),
  }))
    copyIfThere(join(root, "node_modules/next"), join(modulesTo, "next"), file);
  writeFileSync(join(to, "package.json"), '{ "private": true, "type": "module" }\n');
  forget(root, join(to, ".next", "required-server-files.json"));
}

function copyIfThere(from: string, to: string, file: string): void {
  const folder = dirname(join(to, file));
  if (globSync("*", { cwd: folder }).length > 0) cpSync(join(from, file), join(to, file));
}

/** Where the repository was when it was built is nobody's business, and nobody's need. */
function forget(root: string, file: string): void {
  writeFileSync(file, readFileSync(file, "utf8").replaceAll(root, "."));
}
