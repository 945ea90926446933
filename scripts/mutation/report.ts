import { type Equivalent, isListed, staleOf } from "./equivalents.ts";
import type { Mutant } from "./mutants.ts";
import type { Results } from "./results.ts";

export interface Score {
  readonly killed: number;
  readonly survived: readonly Mutant[];
  readonly uncovered: readonly Mutant[];
  readonly equivalent: number;
  /** Not tried yet. */
  readonly untried: number;
}

export function scoreOf(mutants: readonly Mutant[], results: Results, listed: readonly Equivalent[]): Score {
  const meant = mutants.filter((mutant) => !isListed(mutant, listed));
  const having = (result: string) => meant.filter((mutant) => results.of(mutant) === result);
  return {
    killed: having("killed").length,
    survived: having("survived"),
    uncovered: having("uncovered"),
    equivalent: mutants.length - meant.length,
    untried: meant.filter((mutant) => results.of(mutant) === undefined).length,
  };
}

/** Of those that were tried; `undefined` where none was. */
export function percentOf({ killed, survived, uncovered }: Score): number | undefined {
  const all = killed + survived.length + uncovered.length;
  return all === 0 ? undefined : (100 * killed) / all;
}

export function printTable(
  mutants: readonly Mutant[],
  results: Results,
  listed: readonly Equivalent[],
): void {
  const files = [...new Set(mutants.map(({ file }) => file))];
  const row = (name: string, score: Score) => {
    const { killed, survived, uncovered, equivalent, untried } = score;
    const percent = percentOf(score);
    return [
      (percent === undefined ? "" : `${percent.toFixed(1)} %`).padStart(8),
      ...[killed, survived.length, uncovered.length, equivalent, untried].map((count) =>
        String(count).padStart(10),
      ),
      `  ${name}`,
    ].join("");
  };
  console.log("\n   score    killed  survived   no test equivalent   untried");
  for (const file of files)
    console.log(
      row(
        file,
        scoreOf(
          mutants.filter((mutant) => mutant.file === file),
          results,
          listed,
        ),
      ),
    );
  console.log(row("all", scoreOf(mutants, results, listed)));
}

export function printSurvivors({ survived, uncovered }: Score): void {
  for (const [title, mutants] of [
    ["survived", survived],
    ["no test reaches", uncovered],
  ] as const)
    for (const mutant of mutants)
      console.log(`${title}: ${mutant.file}:${mutant.line}  ${mutant.snippet}\n    ${changeOf(mutant)}`);
}

export function printStale(
  listed: readonly Equivalent[],
  mutants: readonly Mutant[],
  files: readonly string[],
): boolean {
  const stale = staleOf(
    listed.filter(({ file }) => files.includes(file)),
    mutants,
  );
  for (const entry of stale)
    console.log(
      `equivalents.json lists a mutant that is no more: ${entry.file}  ${entry.snippet}  ${entry.before}`,
    );
  return stale.length > 0;
}

function changeOf({ before, after }: Mutant): string {
  return `${shorten(before)} → ${after === "" ? "nothing" : shorten(after)}`;
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length > 100 ? `${line.slice(0, 97)}…` : line;
}
