import { expect, test } from "vitest";
import type { CodeHome } from "../src/fuzz/code-home.ts";
import { fuzz } from "../src/fuzz/fuzz.ts";
import { deadly } from "../src/fuzz/program.ts";
import { programOf } from "../src/fuzz/programs.ts";

// Always the same here, so that what goes red is of the change and not of the day; `npm run fuzz` draws a new one each time.
const seed = 11;
const count = 300;

async function played(home: CodeHome, programs: number) {
  const { culprits, tally } = await fuzz({ home, seed, from: 0, count: programs, width: 25, say: () => {} });
  const found = culprits.map(({ numbers, findings }) => ({
    again: `npm run fuzz -- --code ${home} --seed ${seed} --from ${numbers[0]} --count ${numbers.length}`,
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
  "nor where their code runs in %s, and some of it never ends, exits or takes all memory",
  async (home) => {
    const { found, tally } = await played(home, 25);
    expect(found).toEqual([]);
    expect(Object.values(tally).reduce((sum, runs) => sum + runs, 0)).toBe(25);
    const drawn = Array.from({ length: 25 }, (_, number) => programOf(seed, number, home));
    expect(drawn.flatMap(({ steps }) => steps).some((step) => deadly.some((end) => end === step.do))).toBe(
      true,
    );
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
