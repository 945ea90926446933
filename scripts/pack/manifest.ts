import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Published } from "./published.ts";

/** Of any Node that we claim. */
const typesOfNode = ">=22";

const versions = z.record(z.string(), z.string()).default({});

const workspace = z.object({
  name: z.string(),
  version: z.string(),
  license: z.string(),
  engines: z.object({ node: z.string() }),
  exports: z.record(z.string(), z.string()).default({}),
  bin: z.record(z.string(), z.string()).optional(),
  dependencies: versions,
  optionalDependencies: versions,
  devDependencies: versions,
});

export type Workspace = z.output<typeof workspace>;

export function workspaceOf(root: string, folder: string): Workspace {
  return workspace.parse(JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")));
}

/** What a package is entered by: the names of `exports`, by the names of their files. */
export function entriesOf({ exports }: Workspace, { inner }: Published): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(exports)
      .filter(([name]) => !inner.includes(name))
      .map(([name, file]) => [name === "." ? "index" : name.slice(2), file]),
  );
}

/** The manifest under which the package is published; the workspace's own leads to the sources. */
export function manifestOf(
  root: string,
  one: Published,
  entries: Readonly<Record<string, string>>,
  imported: readonly string[],
): object {
  const { name, version, license, engines, bin } = workspaceOf(root, one.folder);
  const asked = askedFor(root);
  const exports = Object.keys(entries).map((entry) => [
    entry === "index" ? "." : `./${entry}`,
    { types: `./dist/${entry}.d.ts`, default: `./dist/${entry}.js` },
  ]);
  const native = imported.includes("ws") ? asked.get("pulsar-client") : undefined;
  return {
    name,
    version,
    description: one.description,
    keywords: one.keywords,
    license,
    type: "module",
    // A package with a scope is private at the registry unless it says so.
    publishConfig: { access: "public" },
    engines,
    ...(bin !== undefined && { bin }),
    ...(exports.length > 0 && {
      exports: { ...Object.fromEntries(exports), "./package.json": "./package.json" },
    }),
    dependencies: {
      // The declarations refer to them. A project that has some of its own shares these.
      ...(one.typed && { "@types/node": typesOfNode }),
      ...Object.fromEntries(
        imported.map((dependency) => {
          const wanted = asked.get(dependency);
          if (wanted === undefined)
            throw new Error(`${name} imports ${dependency}, which no package.json of ours asks for.`);
          return [dependency, /^\d/.test(wanted) ? `^${wanted}` : wanted];
        }),
      ),
    },
    // Pulsar's own protocol, for those who have its binary.
    ...(native !== undefined && {
      peerDependencies: { "pulsar-client": native },
      peerDependenciesMeta: { "pulsar-client": { optional: true } },
    }),
  };
}

/** Versions of other people's packages, as our workspaces ask for them. */
function askedFor(root: string): ReadonlyMap<string, string> {
  const asked = new Map<string, string>();
  for (const file of globSync("{apps,packages}/*/package.json", { cwd: root })) {
    const { dependencies, optionalDependencies } = workspaceOf(root, join(file, ".."));
    for (const [name, version] of Object.entries({ ...dependencies, ...optionalDependencies }))
      asked.set(name, version);
  }
  return asked;
}
