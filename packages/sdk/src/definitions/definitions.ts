import type { AnyWorkflow } from "../workflow.ts";
import type { DefinitionPlace } from "./definition-place.ts";

// By symbols of the whole process: a program may have this package twice, as a module and as CommonJS.
const placeKey = Symbol.for("downbeat.definedAt");
const collectedKey = Symbol.for("downbeat.definitions");

interface Collecting {
  [collectedKey]?: AnyWorkflow[];
}

/** Notes where the workflow was defined, and hands it to whoever collects definitions in this thread. */
export function noteDefinition(workflow: AnyWorkflow, place: DefinitionPlace | undefined): void {
  if (place !== undefined) Object.defineProperty(workflow, placeKey, { value: place });
  (globalThis as Collecting)[collectedKey]?.push(workflow);
}

export function definedAt(workflow: AnyWorkflow): DefinitionPlace | undefined {
  return (workflow as { readonly [placeKey]?: DefinitionPlace })[placeKey];
}

/** Collects what is defined in this thread from now on. The array grows. */
export function collectDefinitions(): readonly AnyWorkflow[] {
  return ((globalThis as Collecting)[collectedKey] ??= []);
}

/** This thread runs workflow code and nothing else: whoever would connect to the log stands still here. */
export function isDecisionThread(): boolean {
  return (globalThis as Collecting)[collectedKey] !== undefined;
}
