import { parseArgs } from "node:util";
import { engineWithout } from "./rules/engine-without.ts";
import { ruleNamed, ruleNames } from "./rules/rule-names.ts";
import { runSeed } from "./simulation/run-seed.ts";

/** `npm run simulate -- --seed 7 [--count 100] [--without ruleName]`: plays schedules and says what they violate. */

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    count: { type: "string", default: "1" },
    without: { type: "string" },
    help: { type: "boolean" },
  },
});
if (values.help === true) {
  console.log(
    `Usage: npm run simulate -- [--seed N] [--count N] [--without RULE]\n\nRules: ${ruleNames.join(", ")}`,
  );
  process.exit(0);
}
const engine = await engineWithout(...(values.without === undefined ? [] : [ruleNamed(values.without)]));
const first = Number(values.seed);
let red = 0;
for (let seed = first; seed < first + Number(values.count); seed++) {
  const { violations, summary } = await runSeed(seed, engine);
  if (violations.length > 0) red += 1;
  if (violations.length > 0 || Number(values.count) === 1)
    console.log(`seed ${seed}: ${summary}\n  ${violations.slice(0, 10).join("\n  ") || "nothing violated"}`);
}
console.log(`${values.count} schedules, ${red} with violations`);
process.exit(red > 0 ? 1 : 0);
