import { spawnSync } from "node:child_process";
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundle } from "./bundle.ts";
import { copyDashboard } from "./dashboard.ts";
import { entriesOf, manifestOf, workspaceOf } from "./manifest.ts";
import type { Published } from "./published.ts";
import { type Contents, sbomOf } from "./sbom.ts";
import { bundledSoftware, dashboard, lockedPackages, namedByTheDashboard } from "./third-party.ts";

/**
 * Lays a package out as it is published, and packs it.
 *
 * @returns the tarball's path
 */
export async function pack(root: string, one: Published, to: string): Promise<string> {
  const folder = join(root, ".cache", "pack", one.name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const entries = entriesOf(workspaceOf(root, one.folder), one);
  const imported = await bundle(root, one, { ...entries, ...one.programs }, join(folder, "dist"));
  const manifest = manifestOf(root, one, entries, imported);
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const file of one.files) copyForPackage(join(root, one.folder, file), join(folder, file));
  for (const file of ["LICENSE", "NOTICE"]) cpSync(join(root, file), join(folder, file));
  copyChangelog(join(root, one.folder), folder);
  if (one.name === "downbeat") {
    const named = new Set(bundledSoftware(root).map(({ name }) => name));
    copyDashboard(root, join(folder, "dashboard"), named);
  }
  const tarball = tarballOf(folder, to);
  writeFileSync(
    tarball.replace(/\.tgz$/, ".cdx.json"),
    sbomOf(root, { manifest, bundled: bundledIn(root, one) }),
  );
  return tarball;
}

/** What is inside the package of other people's. */
export function bundledIn(root: string, { name, folder, alsoBundled }: Published): Contents["bundled"] {
  const beside = alsoBundled.map((each) => ({ name: each, from: folder }));
  if (name !== "downbeat") return beside;
  const ofDashboard = namedByTheDashboard(lockedPackages(root));
  return [...ofDashboard.map((each) => ({ name: each, from: dashboard })), ...beside];
}

/** There is one from the first release on. */
export function copyChangelog(from: string, to: string): void {
  const file = join(from, "CHANGELOG.md");
  if (existsSync(file)) cpSync(file, join(to, "CHANGELOG.md"));
}

/** Programs of a few lines that lead to the sources lead to what was built. */
function copyForPackage(from: string, to: string): void {
  if (!existsSync(from)) throw new Error(`${from} belongs into the package, and isn't there.`);
  cpSync(from, to, { recursive: true });
  for (const file of globSync(`${to}/*.js`))
    writeFileSync(file, readFileSync(file, "utf8").replaceAll(/"\.\.\/src\/(\w+)\.ts"/g, '"../dist/$1.js"'));
}

function tarballOf(folder: string, to: string): string {
  mkdirSync(to, { recursive: true });
  const { status, stdout, stderr } = spawnSync("npm", ["pack", "--json", "--pack-destination", to], {
    cwd: folder,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`npm pack failed in ${folder}.\n${stderr}`);
  const name = /"filename": "([^"]+)"/.exec(stdout)?.[1];
  if (name === undefined) throw new Error(`npm pack said nothing of a tarball.\n${stdout}`);
  return join(to, name.replace("@", "").replace("/", "-"));
}
