import type { AnyWorkflow } from "../workflow.ts";

export function unknownWorkflow(workflows: ReadonlyMap<string, AnyWorkflow>, name: string): string {
  const known = [...workflows.keys()].sort();
  const have = known.length === 0 ? "There are none here." : `There are ${known.join(", ")}.`;
  return `There is no workflow ${name}. ${have}`;
}
