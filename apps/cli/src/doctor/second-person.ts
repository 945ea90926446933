import { type AccessFile, secondPersonIn } from "@downbeat/access";
import { type EngineRule, engineRuleOf, secondPersonWords } from "@downbeat/domain";
import { engineRuleText, type NamespaceName } from "@downbeat/protocol";
import type { Finding } from "../wiring.ts";

interface Known {
  readonly access: AccessFile | undefined;
  readonly name: NamespaceName;
  /** What engines are told (DOWNBEAT_SECOND_PERSON); absent where that isn't known here. */
  readonly told: EngineRule | undefined;
}

const words: Readonly<Record<keyof EngineRule, string>> = {
  terminate: "terminates a run",
  complete: "completes a job with a value",
  bulk: "begins a bulk action",
};

/** What nobody may do alone by the access file, and whether engines that run on their own were told the same. */
export function secondPerson({ access, name, told }: Known): readonly Finding[] {
  if (access === undefined) return [];
  const rule = secondPersonIn(access, name);
  const wanted = rule === undefined ? undefined : engineRuleOf(rule);
  if (rule === undefined || wanted === undefined)
    return told === undefined ? [] : [differs(noRule, told, "nothing needs a second person")];
  const found = secondPersonWords(rule);
  const asked = `DOWNBEAT_SECOND_PERSON=${engineRuleText(wanted)}`;
  if (told === undefined)
    return [
      {
        id: "second-person-engines",
        severity: "unseen",
        found: `${found} That is the access file; whether engines that run on their own were told can't be seen from here`,
        means:
          "an engine refuses only what it was told: one without the rule carries out what programs write to the log",
        mend: `start each with ${asked}, and run doctor with the same; an engine's /readyz says what it goes by (secondPerson)`,
      },
    ];
  if (engineRuleText(wanted) !== engineRuleText(told))
    return [differs(wanted, told, found.replace(/\.$/, ""))];
  return [
    {
      id: "second-person",
      severity: "note",
      found: `${found} Engines are told the same`,
      means:
        "servers do nothing of it before another person has agreed, and engines started so refuse the rest",
      mend: "nothing, if every engine of the namespace is started so",
    },
  ];
}

const noRule: EngineRule = { terminate: false, complete: false, bulk: false };

function differs(wanted: EngineRule, told: EngineRule, found: string): Finding {
  const parts = ["terminate", "complete", "bulk"] as const;
  const lacking = parts.filter((part) => wanted[part] && !told[part]);
  const more = parts.filter((part) => told[part] && !wanted[part]);
  const asked = engineRuleText(wanted);
  const means = [
    ...(lacking.length === 0 ? [] : [`whoever writes to the log ${listed(lacking)} alone`]),
    ...(more.length === 0
      ? []
      : [`what one person does at a server is refused by the engine where it ${listed(more)}`]),
  ];
  return {
    id: "second-person-differs",
    severity: "warning",
    found: `by the access file, ${found.slice(0, 1).toLowerCase()}${found.slice(1)}; engines are told ${engineRuleText(told)}`,
    means: means.join("; and "),
    mend:
      asked === ""
        ? "start engines without DOWNBEAT_SECOND_PERSON, or put the rule into the access file"
        : `start engines with DOWNBEAT_SECOND_PERSON=${asked}`,
  };
}

function listed(parts: readonly (keyof EngineRule)[]): string {
  return new Intl.ListFormat("en", { type: "disjunction" }).format(parts.map((part) => words[part]));
}
