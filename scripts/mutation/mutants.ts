import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findMutations } from "./find-mutations.ts";
import type { NumberedMutation } from "./instrument.ts";

export interface Mutant extends NumberedMutation {
  readonly file: string;
  readonly line: number;
  /** The whole line, by which people and the list of equivalent mutants know it. */
  readonly snippet: string;
  /** The same as long as the file is. */
  readonly key: string;
}

export interface Source {
  readonly file: string;
  readonly text: string;
  readonly hash: string;
  readonly mutants: readonly Mutant[];
}

/** A package's source files with all their mutants, numbered through. */
export function readSources(root: string, name: string): readonly Source[] {
  let next = 0;
  const files = globSync(`packages/${name}/src/**/*.ts`, { cwd: root }).sort();
  return files.filter(isSource).map((file) => {
    const text = readFileSync(join(root, file), "utf8");
    const alike = new Map<string, number>();
    const mutants = findMutations(file, text).map((mutation): Mutant => {
      const line = text.slice(0, mutation.start).split("\n").length;
      const snippet = (text.split("\n")[line - 1] ?? "").trim();
      const change = `${mutation.before} → ${mutation.after}`;
      const nth = (alike.get(change) ?? 0) + 1;
      alike.set(change, nth);
      return { ...mutation, id: next++, file, line, snippet, key: `${nth}: ${change}` };
    });
    return { file, text, hash: createHash("sha256").update(text).digest("hex"), mutants };
  });
}

function isSource(file: string): boolean {
  // Another test makes the last ones for a moment: see boundaries.test.ts.
  return !file.endsWith(".test.ts") && !file.includes("/test/") && !file.includes("/boundary-");
}

/** The same mutants for the same seed. */
export function sample(mutants: readonly Mutant[], count: number, seed: number): readonly Mutant[] {
  const weight = (mutant: Mutant) =>
    createHash("sha256").update(`${seed} ${mutant.file} ${mutant.key}`).digest("hex");
  return mutants
    .map((mutant) => ({ mutant, weight: weight(mutant) }))
    .sort((a, b) => (a.weight < b.weight ? -1 : 1))
    .slice(0, count)
    .map(({ mutant }) => mutant);
}
