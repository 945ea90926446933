import { expect, test } from "vitest";
import { runSeed } from "../src/simulation/run-seed.ts";

// One schedule each, so that a mutant of the engine that breaks anything at all is found out in a moment: see docs/decisions/0031-mutation-run-of-our-own.md.
test.each(Array.from({ length: 10 }, (_, index) => 2_001 + index))(
  "nothing is violated in schedule %i",
  async (seed) => {
    expect((await runSeed(seed)).violations, `repeat it with: npm run simulate -- --seed ${seed}`).toEqual(
      [],
    );
  },
);
