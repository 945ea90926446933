import { anyLevels, type MaskPath, MaskPaths } from "./mask-path.ts";

/** Which payload of a run: a workflow's or a job's, of a type that may not be known. `details`: of an error or a heartbeat, which no schema tells of. */
export type PayloadOf =
  | { readonly of: "input" | "output" }
  | { readonly of: "signal"; readonly name: string }
  | { readonly of: "jobInput" | "jobOutput"; readonly jobType: string | undefined }
  | { readonly of: "details"; readonly jobType?: string | undefined };

/** What somebody declared as personal, of one kind of payloads. `*` for the name: of all. */
export type MaskRule =
  | { readonly workflow: string; readonly of: PayloadOf | "everything"; readonly paths: readonly MaskPath[] }
  | {
      readonly jobType: string;
      readonly of: "input" | "output" | "everything";
      readonly paths: readonly MaskPath[];
    };

/** What is personal in which payload, by all who have said something of it. */
export class MaskRules {
  static readonly none = new MaskRules([]);
  readonly #rules: readonly MaskRule[];
  readonly #made = new Map<string, MaskPaths>();
  #within: MaskPaths | undefined;

  constructor(rules: readonly MaskRule[]) {
    this.#rules = rules.filter(({ paths }) => paths.length > 0);
  }

  get isEmpty(): boolean {
    return this.#rules.length === 0;
  }

  /** Whether a run of this workflow can have anything to mask: jobs of any kind may be its own. */
  mayMask(workflow: string): boolean {
    return this.#rules.some((rule) => "jobType" in rule || isNamed(rule.workflow, workflow));
  }

  /** In this payload of a run of the workflow. */
  in(workflow: string, payload: PayloadOf): MaskPaths {
    if ("jobType" in payload && payload.of !== "details" && payload.jobType === undefined)
      return this.anywhere();
    return this.#once(JSON.stringify([workflow, payload]), (rule) => means(rule, workflow, payload));
  }

  /** In a payload of which nobody knows whose it is. */
  anywhere(): MaskPaths {
    return this.#once("", () => true);
  }

  /** In what may hold such a payload at any depth, such as a command. */
  within(): MaskPaths {
    this.#within ??= new MaskPaths(
      this.anywhere().paths.map((path) => (path[0] === anyLevels ? path : [anyLevels, ...path])),
    );
    return this.#within;
  }

  #once(key: string, isMeant: (rule: MaskRule) => boolean): MaskPaths {
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const made = new MaskPaths(this.#rules.filter(isMeant).flatMap(({ paths }) => paths));
    this.#made.set(key, made);
    return made;
  }
}

function isNamed(rule: string, name: string): boolean {
  return rule === "*" || rule === name;
}

function means(rule: MaskRule, workflow: string, payload: PayloadOf): boolean {
  if ("workflow" in rule) {
    if (!isNamed(rule.workflow, workflow)) return false;
    if (rule.of === "everything" || payload.of === "details") return true;
    if (rule.of.of !== payload.of) return false;
    return !("name" in rule.of && "name" in payload) || rule.of.name === payload.name;
  }
  // An error of the run may be that of any of its jobs.
  if (payload.of === "details" && payload.jobType === undefined) return true;
  if (!("jobType" in payload) || payload.jobType === undefined) return false;
  if (!isNamed(rule.jobType, payload.jobType)) return false;
  return (
    rule.of === "everything" ||
    payload.of === "details" ||
    (rule.of === "input" ? payload.of === "jobInput" : payload.of === "jobOutput")
  );
}
