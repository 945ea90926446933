import { auditOutcomes } from "@downbeat/protocol";

/** Refusals whose sentences name nothing but the run or the workflow that isn't there. */
const ofNothing: ReadonlySet<unknown> = new Set(["UnknownRun", "UnknownWorkflow"]);
const outcomes: ReadonlySet<string> = new Set(auditOutcomes);

/** Whether a text, in what is told of a run of which nobody knows what is personal in its texts, is nevertheless the system's own or says who acted. */
export function isSystemWord(within: object, name: string, text: string): boolean {
  switch (name) {
    case "actor":
    case "what":
    case "field":
      return true;
    case "is":
      return !("field" in within) && outcomes.has(text);
    case "message":
      return "code" in within && ofNothing.has(within.code);
    case "name":
      // Who did it, in an entry of the audit.
      return "id" in within && Object.keys(within).length === 2;
    default:
      return false;
  }
}
