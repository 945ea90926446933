import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Mutant } from "./mutants.ts";

const listed = z.array(
  z.strictObject({
    file: z.string(),
    /** The line that the mutant begins in, without the blanks around it. */
    snippet: z.string(),
    before: z.string(),
    /** Left out for every mutant of `before`. */
    after: z.string().optional(),
    reason: z.string().startsWith("equivalent: "),
  }),
);

export type Equivalent = z.infer<typeof listed>[number];

/** Mutants that no test can tell from the original, each with its reason. */
export function readEquivalents(path: string): readonly Equivalent[] {
  return listed.parse(JSON.parse(readFileSync(path, "utf8")));
}

export function isListed(mutant: Mutant, list: readonly Equivalent[]): boolean {
  return list.some((entry) => fits(mutant, entry));
}

/** Entries whose mutant is no more: the code has changed, so the reason has to be thought about again. */
export function staleOf(list: readonly Equivalent[], mutants: readonly Mutant[]): readonly Equivalent[] {
  return list.filter((entry) => !mutants.some((mutant) => fits(mutant, entry)));
}

function fits(mutant: Mutant, entry: Equivalent): boolean {
  return (
    mutant.file === entry.file &&
    mutant.snippet === entry.snippet &&
    mutant.before === entry.before &&
    (entry.after === undefined || mutant.after === entry.after)
  );
}
