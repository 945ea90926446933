/**
 * Which runs may be meant by what is typed, the likeliest first: mostly it is a part of an id, or a label, and the one run that is found by it is
 * meant. What is typed stays a choice, as a run that is older than the read model isn't found.
 *
 * @param found ids, of what is typed now; none where they are still looked for
 */
export function meantRuns(typed: string, found: readonly string[]): readonly string[] {
  if (typed === "") return [];
  const [only, another] = found;
  if (only === undefined || another !== undefined || found.includes(typed)) return [typed];
  return [only, typed];
}
