import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import type { Mutant, Source } from "./mutants.ts";

export type Result = "killed" | "survived" | "uncovered";

const stored = z.record(
  z.string(),
  z.object({ hash: z.string(), results: z.record(z.string(), z.enum(["killed", "survived", "uncovered"])) }),
);

/** What became of each mutant, kept in a file: those of a file that has not changed are still known at the next run. */
export class Results {
  readonly #path: string;
  readonly #sources: readonly Source[];
  readonly #results = new Map<string, Map<string, Result>>();

  constructor(path: string, sources: readonly Source[], forgets: (file: string) => boolean) {
    this.#path = path;
    this.#sources = sources;
    const kept = load(path);
    for (const { file, hash } of sources) {
      const known = kept[file]?.hash === hash && !forgets(file) ? kept[file].results : {};
      this.#results.set(file, new Map(Object.entries(known)));
    }
  }

  of(mutant: Mutant): Result | undefined {
    return this.#results.get(mutant.file)?.get(mutant.key);
  }

  set(mutant: Mutant, result: Result): void {
    this.#results.get(mutant.file)?.set(mutant.key, result);
  }

  save(): void {
    const all = this.#sources.map(({ file, hash }) => [
      file,
      { hash, results: Object.fromEntries(this.#results.get(file) ?? []) },
    ]);
    mkdirSync(dirname(this.#path), { recursive: true });
    writeFileSync(this.#path, JSON.stringify(Object.fromEntries(all), undefined, 1));
  }
}

function load(path: string): z.infer<typeof stored> {
  try {
    return stored.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    // Results can be had again: what isn't there or can't be read is not known.
    return {};
  }
}
