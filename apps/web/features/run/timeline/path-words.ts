import { formatDuration } from "../../../lib/duration.ts";
import { formatCount } from "../../../lib/number.ts";
import type { CriticalPath } from "../model/critical-path.ts";

const mostNames = 3;

/** What the time went by with, the longest first; equal steps together. */
export function pathWords(
  { steps }: CriticalPath,
  wholeMs: number,
  nameOf: (rowId: string) => string,
): string {
  const byName = new Map<string, { readonly name: string; readonly count: number; readonly ms: number }>();
  for (const { rowId, from, to } of steps) {
    const name = nameOf(rowId);
    const { count = 0, ms = 0 } = byName.get(name) ?? {};
    byName.set(name, { name, count: count + 1, ms: ms + to - from });
  }
  if (byName.size === 0) return "No step held it up.";
  const all = [...byName.values()].sort((one, other) => other.ms - one.ms);
  const said = all
    .slice(0, mostNames)
    .map(
      ({ name, count, ms }) =>
        `${name} ${formatDuration(ms)}${count === 1 ? "" : ` (${formatCount(count)} after one another)`}`,
    );
  const rest = all.slice(mostNames).reduce((sum, { ms }) => sum + ms, 0);
  if (rest > 0) said.push(`the others ${formatDuration(rest)}`);
  return `Of ${formatDuration(wholeMs)}: ${said.join(", ")}.`;
}
