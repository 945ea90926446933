import { allRules, type Rules } from "@downbeat/engine";

/** All rules but one. */
export function ruleOff(name: string): Rules {
  if (!(name in allRules))
    throw new RangeError(`There is no rule ${name}: ${Object.keys(allRules).join(", ")}`);
  return { ...allRules, [name]: false };
}
