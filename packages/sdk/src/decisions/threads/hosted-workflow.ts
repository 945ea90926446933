import { definedAt } from "../../definitions/definitions.ts";
import { schemaJson } from "../../schema-json.ts";
import type { AnyWorkflow } from "../../workflow.ts";
import { placeText } from "./place-text.ts";

/** What is told of a workflow whose code is elsewhere. */
export interface HostedWorkflow {
  readonly name: string;
  /** `file:line` of its definition, where it is known. */
  readonly place?: string;
  /** As JSON Schema, where there is one. */
  readonly input?: Record<string, unknown>;
  readonly output?: Record<string, unknown>;
}

export function hostedWorkflow(workflow: AnyWorkflow): HostedWorkflow {
  const { name, inputSchema, outputSchema } = workflow;
  const place = definedAt(workflow);
  const input = schemaJson(inputSchema, "input");
  const output = schemaJson(outputSchema, "output");
  return {
    name,
    ...(place !== undefined && { place: placeText(place) }),
    ...(input !== undefined && { input }),
    ...(output !== undefined && { output }),
  };
}
