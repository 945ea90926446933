import { expect, test } from "vitest";
import { fuzz } from "../src/fuzz/fuzz.ts";
import { programOf } from "../src/fuzz/programs.ts";

// Always the same here, so that what goes red is of the change and not of the day; `npm run fuzz` draws a new one each time.
const seed = 11;
const count = 300;

test(`whatever ${count} programs write, throw, return and are sent, nobody else notices (seed ${seed})`, async () => {
  const { culprits, tally } = await fuzz({ seed, from: 0, count, width: 25, say: () => {} });
  const found = culprits.map(({ numbers, findings }) => ({
    again: `npm run fuzz -- --seed ${seed} --from ${numbers[0]} --count ${numbers.length}`,
    findings: findings.slice(0, 3),
  }));
  expect(found).toEqual([]);
  expect(Object.values(tally).reduce((sum, runs) => sum + runs, 0)).toBe(count);
  // A suite whose programs all end alike would show nothing.
  for (const shown of ["completed", "stuck", "waiting"]) expect(tally[shown], shown).toBeGreaterThan(5);
}, 300_000);

test("a program is the same whatever was played before it, and goes through JSON", () => {
  for (let number = 0; number < 50; number++) {
    const program = programOf(seed, number);
    expect(programOf(seed, number)).toEqual(program);
    const sent = JSON.parse(JSON.stringify(program));
    expect(sent).toEqual({ ...program, ...(program.labels === undefined && { labels: undefined }) });
  }
});
