import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import type { DtsOptions } from "tsdown";
import { workspaceOf } from "./manifest.ts";

type Generator = Exclude<NonNullable<DtsOptions["generator"]>, string>;

/**
 * Declarations by the repository's own compiler. tsdown would make them through an interface of the compiler that TypeScript 7.0 doesn't have, so that it
 * is run once, for all files, and tsdown is handed what came of it.
 *
 * @param folderOfWorkspace what is published
 */
export function declarations(root: string, folderOfWorkspace: string): Generator {
  const cache = join(root, ".cache");
  let folder: string | undefined;
  return {
    init() {
      mkdirSync(cache, { recursive: true });
      folder = mkdtempSync(join(cache, "declarations-"));
      const config = join(folder, "tsconfig.json");
      const compilerOptions = {
        noEmit: false,
        declaration: true,
        emitDeclarationOnly: true,
        rootDir: root,
        outDir: folder,
        typeRoots: [join(root, "node_modules/@types")],
        // Types are checked elsewhere.
        noCheck: true,
        stripInternal: true,
      };
      // By name: what is found through node_modules counts as somebody else's, and gets none.
      const files = {
        include: withItsOwn(root, folderOfWorkspace).map((workspace) => join(root, workspace, "src")),
        exclude: ["**/*.test.ts", "**/test"].map((tests) => join(root, "packages", tests)),
      };
      writeFileSync(
        config,
        JSON.stringify({ extends: join(root, "tsconfig.json"), compilerOptions, ...files }),
      );
      const tsc = join(createRequire(import.meta.url).resolve("typescript/package.json"), "../bin/tsc");
      const { status, stdout } = spawnSync(process.execPath, [tsc, "-p", config], { encoding: "utf8" });
      if (status !== 0) throw new Error(`The declarations could not be made.\n${stdout}`);
    },
    emit(_, file) {
      if (folder === undefined) throw new Error("Declarations were asked for before they were made.");
      const path = join(folder, relative(root, file)).replace(/\.ts$/, ".d.ts");
      return { code: readFileSync(path, "utf8") };
    },
    dispose() {
      if (folder !== undefined) rmSync(folder, { recursive: true });
      folder = undefined;
    },
  };
}

/** The workspace, and those of ours that it is made with. */
function withItsOwn(root: string, folder: string): readonly string[] {
  const found = new Set([folder]);
  for (const workspace of found) {
    const { dependencies } = workspaceOf(root, workspace);
    for (const name of Object.keys(dependencies))
      if (name.startsWith("@downbeat/")) found.add(name.replace("@downbeat/", "packages/"));
  }
  return [...found];
}
