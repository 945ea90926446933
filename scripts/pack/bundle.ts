import { dirname, join, relative, resolve, sep } from "node:path";
import { build, type Rolldown } from "tsdown";
import { declarations } from "./declarations.ts";
import type { Published } from "./published.ts";
import { threads } from "./threads.ts";

/**
 * Builds a package: everything of ours in it, everybody else's left to be installed beside it.
 *
 * @param entries file name, without its ending, by source
 * @returns the packages that the built files import
 */
export async function bundle(
  root: string,
  { folder, typed, alsoBundled }: Pick<Published, "folder" | "typed" | "alsoBundled">,
  entries: Readonly<Record<string, string>>,
  outDir: string,
): Promise<readonly string[]> {
  const imported = new Set<string>();
  const within = new RegExp(`^(${["@downbeat", ...alsoBundled].join("|")})(/|$)`);
  const beside = new RegExp(`^(?!${within.source.slice(1)})[@\\w]`);
  const { bundles } = await build({
    config: false,
    cwd: join(root, folder),
    entry: Object.fromEntries(
      Object.entries(entries).map(([name, file]) => [name, join(root, folder, file)]),
    ),
    outDir,
    format: "esm",
    platform: "node",
    target: "node22.18",
    fixedExtension: false,
    sourcemap: true,
    dts: typed && { generator: declarations(root, folder), sourcemap: false },
    deps: { alwaysBundle: [within], neverBundle: [beside], onlyBundle: [...alsoBundled] },
    // The sources aren't published. Within the package a place in them is known for the library's, not the author's, by whoever reads a stack.
    outputOptions: { sourcemapPathTransform: (source, map) => withinPackage(root, source, map) },
    // `Symbol.asyncDispose` is of no `lib` that a project may be content with; `URL` and `AbortSignal` are Node's, whose types come with the package.
    ...(typed && {
      banner: { dts: '/// <reference lib="esnext.disposable" />\n/// <reference types="node" />' },
    }),
    plugins: [threads()],
    logLevel: "warn",
    checks: { pluginTimings: false },
    failOnWarn: true,
  });
  for (const { chunks } of bundles)
    for (const chunk of chunks) for (const name of packagesOf(chunk)) imported.add(name);
  return [...imported].toSorted();
}

/** @returns `../packages/sdk/src/run.ts`, as seen from the built file, wherever it was built */
export function withinPackage(root: string, source: string, map: string): string {
  return `../${relative(root, resolve(dirname(map), source))
    .split(sep)
    .join("/")}`;
}

function packagesOf(chunk: Rolldown.OutputChunk | Rolldown.OutputAsset): readonly string[] {
  if (chunk.type === "asset") return [];
  return [...chunk.imports, ...chunk.dynamicImports]
    .filter((id) => !id.startsWith("node:") && !id.startsWith(".") && !/\.(js|d\.ts)$/.test(id))
    .map((id) =>
      id
        .split("/")
        .slice(0, id.startsWith("@") ? 2 : 1)
        .join("/"),
    );
}
