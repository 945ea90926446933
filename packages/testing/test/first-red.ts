/** The first of a thousand schedules in which something is found. */
export async function firstRed(
  playing: (seed: number) => Promise<{ readonly found: readonly string[] }>,
): Promise<number | undefined> {
  for (let seed = 1; seed <= 1_000; seed++) if ((await playing(seed)).found.length > 0) return seed;
  return undefined;
}
