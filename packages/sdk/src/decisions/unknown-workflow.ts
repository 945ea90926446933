import type { AnyWorkflow } from "../workflow.ts";

const mostNamed = 15;

export function unknownWorkflow(workflows: ReadonlyMap<string, AnyWorkflow>, name: string): string {
  const known = [...workflows.keys()].sort();
  const more = known.length > mostNamed ? ` and ${known.length - mostNamed} more` : "";
  const have =
    known.length === 0 ? "There are none here." : `There are ${known.slice(0, mostNamed).join(", ")}${more}.`;
  return `There is no workflow ${name}. ${have}`;
}
