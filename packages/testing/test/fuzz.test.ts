import { expect, test } from "vitest";
import type { CodeHome } from "../src/fuzz/code-home.ts";
import { fuzz } from "../src/fuzz/fuzz.ts";
import { programOf } from "../src/fuzz/programs.ts";

// Always the same here, so that what goes red is of the change and not of the day; `npm run fuzz` draws a new one each time.
const seed = 11;
/** Draws some of each kind that ends or spoils a thread among few programs. */
const deadlySeed = 15;
const count = 300;

async function played(home: CodeHome, programs: number, of = seed) {
  const { culprits, tally } = await fuzz({
    home,
    seed: of,
    from: 0,
    count: programs,
    width: 25,
    say: () => {},
  });
  const found = culprits.map(({ numbers, findings }) => ({
    again: `npm run fuzz -- --code ${home} --seed ${of} --from ${numbers[0]} --count ${numbers.length}`,
    findings: findings.slice(0, 3),
  }));
  return { found, tally };
}

test(`whatever ${count} programs write, throw, return and are sent, nobody else notices (seed ${seed})`, async () => {
  const { found, tally } = await played("engine", count);
  expect(found).toEqual([]);
  expect(Object.values(tally).reduce((sum, runs) => sum + runs, 0)).toBe(count);
  // A suite whose programs all end alike would show nothing.
  for (const shown of ["completed", "stuck", "waiting"]) expect(tally[shown], shown).toBeGreaterThan(5);
}, 300_000);

test.each(["threads", "workers"] as const)(
  "nor where their code runs in %s, and some of it never ends, takes all memory or replaces what all share",
  async (home) => {
    const { found, tally } = await played(home, 25, deadlySeed);
    expect(found).toEqual([]);
    expect(Object.values(tally).reduce((sum, runs) => sum + runs, 0)).toBe(25);
    const drawn = Array.from({ length: 25 }, (_, number) => programOf(deadlySeed, number, home));
    const drew = new Set<string>(drawn.flatMap(({ steps }) => steps).map((step) => step.do));
    expect(["endless", "hoard", "replace"].filter((kind) => !drew.has(kind))).toEqual([]);
  },
  300_000,
);

test("a program is the same whatever was played before it, and goes through JSON", () => {
  for (let number = 0; number < 50; number++) {
    const program = programOf(seed, number);
    expect(programOf(seed, number)).toEqual(program);
    const sent = JSON.parse(JSON.stringify(program));
    expect(sent).toEqual({ ...program, ...(program.labels === undefined && { labels: undefined }) });
  }
});
