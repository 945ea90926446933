import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Engine } from "@downbeat/engine";
import type { Patch } from "./patch.ts";
import { type RuleName, rules } from "./rules.ts";

export type EngineClass = typeof Engine;

const source = fileURLToPath(new URL("../../../engine/src/", import.meta.url));
// Not in node_modules: Node strips no types there.
const cache = fileURLToPath(new URL("../../.cache/", import.meta.url));

/** The engine with some of its rules taken out: a patched copy of its source. With none it is the engine itself. */
export async function engineWithout(...names: readonly RuleName[]): Promise<EngineClass> {
  if (names.length === 0) return Engine;
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "engine-"));
  try {
    writeCopy(folder, names);
    return await load(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** An engine of another version: a patched copy of its source. */
export async function engineWith(patches: readonly Patch[]): Promise<EngineClass> {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "engine-"));
  try {
    writePatched(
      folder,
      patches.map((patch) => ({ patch, name: "of another version" })),
    );
    return await load(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @throws Error when a patch fits nowhere in the source any more, or in more than one place */
export function writeCopy(folder: string, names: readonly RuleName[]): void {
  writePatched(
    folder,
    names.flatMap((name) => rules[name].map((patch) => ({ patch, name }))),
  );
}

async function load(folder: string): Promise<EngineClass> {
  const copy: { Engine: EngineClass } = await import(
    /* @vite-ignore */ pathToFileURL(join(folder, "index.ts")).href
  );
  return copy.Engine;
}

function writePatched(
  folder: string,
  patches: readonly { readonly patch: Patch; readonly name: string }[],
): void {
  const texts = new Map<string, string>();
  for (const file of readdirSync(source))
    if (file.endsWith(".ts")) texts.set(file, readFileSync(join(source, file), "utf8"));
  for (const { patch, name } of patches)
    texts.set(patch.file, patched(texts.get(patch.file) ?? "", patch, name));
  for (const [file, text] of texts) writeFileSync(join(folder, file), text);
}

function patched(text: string, { file, find, replace }: Patch, name: string): string {
  const parts = text.split(find);
  if (parts.length === 2) return parts.join(replace);
  throw new Error(
    `The rule ${name} can't be taken out: ${file} has ${parts.length - 1} places, not 1, that read: ${find}`,
  );
}
