import { type WorkflowSchemas, workflowSchemas } from "../../announced/definitions.ts";
import { definedAt } from "../../definitions/definitions.ts";
import type { AnyWorkflow } from "../../workflow.ts";
import { placeText } from "./place-text.ts";

/** What is told of a workflow whose code is elsewhere. */
export interface HostedWorkflow {
  readonly name: string;
  /** `file:line` of its definition, where it is known. */
  readonly place?: string;
  readonly schemas: WorkflowSchemas;
  readonly versioning?: "pinned";
}

export function hostedWorkflow(workflow: AnyWorkflow): HostedWorkflow {
  const { name, versioning } = workflow;
  const place = definedAt(workflow);
  return {
    name,
    ...(place !== undefined && { place: placeText(place) }),
    schemas: workflowSchemas(workflow),
    ...(versioning !== undefined && { versioning }),
  };
}
