import { type AccessFile, secondPersonIn, wholeOf } from "@downbeat/access";
import { engineRuleOf, type SecondPersonRule, secondPersonWords } from "@downbeat/domain";
import { engineRuleText, formatNamespaceName, type NamespaceName } from "@downbeat/protocol";

export interface RuleIn {
  /** A namespace, or all that a place of the file holds (`acme/*`). */
  readonly in: string;
  readonly rule: SecondPersonRule | undefined;
  /** What engines of their own take as DOWNBEAT_SECOND_PERSON; absent where nothing needs a second person. */
  readonly engines?: string;
}

/** What the access file lets nobody do alone: in these namespaces, or wherever it names some. */
export function secondPersonRules(access: AccessFile, named: readonly NamespaceName[]): readonly RuleIn[] {
  const places =
    named.length > 0
      ? named.map((name) => ({ in: formatNamespaceName(name), name }))
      : [...new Set(access.secondPerson.flatMap((rule) => rule.in))].map((place) => ({
          in: place,
          name: wholeOf(place),
        }));
  return places.map(({ in: place, name }) => {
    const rule = secondPersonIn(access, name);
    return { in: place, rule, ...(rule !== undefined && { engines: engineRuleText(engineRuleOf(rule)) }) };
  });
}

export function ruleLines({ in: place, rule, engines }: RuleIn): readonly string[] {
  if (rule === undefined) return [`${place}: nothing needs a second person.`];
  return [
    `${place}: ${secondPersonWords(rule)}`,
    `  engines of their own take DOWNBEAT_SECOND_PERSON=${engines}: one that lacks it refuses nothing`,
  ];
}
