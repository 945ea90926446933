import { allRules, type Rules } from "@downbeat/engine";
import { describe, expect, test } from "vitest";
import { ruleOff } from "../src/simulation/rule-off.ts";
import { runSeed } from "../src/simulation/run-seed.ts";

const seeds = 1_000;
const seedsATest = 100;
/** Within so many schedules the harness must notice that a rule is missing. */
const patience = 1_500;

describe("with every rule on, nothing is violated", () => {
  for (let first = 1; first <= seeds; first += seedsATest) {
    test(`in schedules ${first} to ${first + seedsATest - 1}`, { timeout: 120_000 }, async () => {
      for (let seed = first; seed < first + seedsATest; seed++) {
        const { violations } = await runSeed(seed, allRules);
        expect(violations, `repeat it with: npm run simulate -- --seed ${seed}`).toEqual([]);
      }
    });
  }

  test("and a seed plays the same story every time", async () => {
    expect(await runSeed(42, allRules)).toEqual(await runSeed(42, allRules));
  });
});

/** Not needed for safety since a record names what it builds on: docs/decisions/0009-one-path-of-recovery.md. */
const redundant = "newClaimAfterError";
/**
 * No schedule here holds such an input; deadly-input.test.ts shows what breaks without it. Off for the others: deciding one command at a time, as it
 * does after owners that came to nothing, hides what goes wrong with several.
 */
const deadly = "deadlyInputIsOutcome";
/** Each has schedules aimed at it in a file of its own: deadly-input.test.ts, drop-closes-inbox.test.ts. */
const elsewhere: readonly string[] = [deadly, "dropClosesInbox"];

describe("with one rule off, the harness goes red:", () => {
  test.each(Object.keys(allRules).filter((rule) => rule !== redundant && !elsewhere.includes(rule)))(
    "%s",
    { timeout: 240_000 },
    async (rule) => {
      expect(await firstRed({ ...ruleOff(rule), [deadly]: false }, patience)).toBeDefined();
    },
  );

  test(`${redundant} alone is redundant: what is sent again under one claim counts once`, {
    timeout: 240_000,
  }, async () => {
    expect(await firstRed(ruleOff(redundant), 500)).toBeUndefined();
  });
});

async function firstRed(rules: Rules, patience: number): Promise<number | undefined> {
  for (let seed = 1; seed <= patience; seed++) {
    const { violations } = await runSeed(seed, rules);
    if (violations.length > 0) return seed;
  }
  return undefined;
}
