import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

export interface ThirdParty {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  /** Of its licence files; empty where the package brings none. */
  readonly text: string;
}

const lockfile = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      license: z.string().optional(),
      /** Of its tarball at the registry. */
      integrity: z.string().optional(),
      dependencies: z.record(z.string(), z.string()).optional(),
    }),
  ),
});

export type Locked = z.output<typeof lockfile>["packages"];

export const dashboard = "apps/web";

/** Of tailwindcss its reset styles are in the dashboard's style sheet, though it is a tool of the build. */
const alsoInTheDashboard = ["tailwindcss"];

/** Read at build time only: lists of browsers, for which the dashboard's code is made. */
export const notInTheDashboard = ["baseline-browser-mapping", "caniuse-lite"];

/** Other people's software that is inside what we publish: the built dashboard's. Everything else of theirs is installed beside it. */
export function bundledSoftware(root: string): readonly ThirdParty[] {
  const packages = lockedPackages(root);
  const found = new Map<string, ThirdParty>();
  const add = (name: string, from: string): void => {
    if (name.startsWith("@downbeat/") || notInTheDashboard.includes(name)) return;
    const place = placeOf(packages, name, from);
    if (found.has(place)) return;
    const { version = "", license, dependencies = {} } = packages[place] ?? {};
    if (license === undefined) throw new Error(`${place} names no licence; look it up before it is bundled.`);
    found.set(place, { name, version, license, text: licenceText(join(root, place)) });
    for (const dependency of Object.keys(dependencies)) add(dependency, place);
  };
  for (const name of namedByTheDashboard(packages)) add(name, dashboard);
  return [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** What the dashboard's workspace asks for itself, of other people's. */
export function namedByTheDashboard(packages: Locked): readonly string[] {
  const asked = Object.keys(packages[dashboard]?.dependencies ?? {});
  return [...asked, ...alsoInTheDashboard].filter((name) => !name.startsWith("@downbeat/"));
}

/** Every package that is installed, by its place under the root. */
export function lockedPackages(root: string): Locked {
  return lockfile.parse(JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"))).packages;
}

/** Where npm put what `from` means by the name. */
export function placeOf(packages: Locked, name: string, from: string): string {
  for (let folder = from; ; folder = folder.includes("/") ? folder.slice(0, folder.lastIndexOf("/")) : "") {
    const place = join(folder, "node_modules", name);
    if (place in packages) return place;
    if (folder === "") throw new Error(`package-lock.json doesn't know ${name}, which ${from} needs.`);
  }
}

function licenceText(folder: string): string {
  if (!existsSync(folder)) throw new Error(`${folder} isn't there: npm install brings it.`);
  return readdirSync(folder)
    .filter((file) => /^(licen[cs]e|copying|notice)(\.\w+)?$/i.test(file))
    .toSorted()
    .map((file) => readFileSync(join(folder, file), "utf8").replaceAll("\r\n", "\n").trim())
    .join("\n\n");
}
