import type { Failure } from "@downbeat/domain";
import { definedAt } from "../definitions/definitions.ts";
import { failure } from "../failure.ts";
import type { AnyWorkflow } from "../workflow.ts";

/** What no line of the code has thrown is told with the line that defines the workflow. */
export function placed(broken: Failure, workflow: AnyWorkflow): Failure {
  const place = definedAt(workflow);
  if (broken.stack !== undefined || place === undefined || broken.kind === "nonDeterminism") return broken;
  const { kind, name, message } = broken;
  const frame = `at workflow ${workflow.name} (${place.file}:${place.line}:1)`;
  return { ...broken, ...failure(kind, name, message, `${name}: ${message}\n    ${frame}`) };
}
