import { type RuleName, rules } from "./rules.ts";

export const ruleNames = Object.keys(rules) as readonly RuleName[];

/** @throws RangeError that lists the rules there are */
export function ruleNamed(name: string): RuleName {
  const found = ruleNames.find((rule) => rule === name);
  if (found === undefined) throw new RangeError(`There is no rule ${name}: ${ruleNames.join(", ")}`);
  return found;
}
