import { z } from "zod";
import { wholeNumber } from "../../options/fields.ts";
import type { AnyWorkflow } from "../../workflow.ts";
import type { DecisionThreadsOptions, WorkflowSource } from "./decision-threads.ts";

export const limitFields = {
  stepMs: wholeNumber(100, 3_600_000).optional(),
  memoryMb: wholeNumber(32, 1_000_000).optional(),
  threads: wholeNumber(1, 64).optional(),
} as const;

interface GivenLimits {
  readonly stepMs?: number | undefined;
  readonly memoryMb?: number | undefined;
  readonly threads?: number | undefined;
  readonly maxCachedRuns?: number | undefined;
}

/** With what is usual where nothing is said. */
export function limitsOf(
  given: GivenLimits = {},
): Pick<DecisionThreadsOptions, "limits" | "threads" | "maxCachedRuns"> {
  const { stepMs = 5_000, memoryMb = 512, threads = 1, maxCachedRuns = 20_000 } = given;
  return { limits: { stepMs, memoryMb }, threads, maxCachedRuns };
}

export const workflowSource = z.custom<WorkflowSource>(isSource, {
  error: "they are an array of what workflow() returns, or the path or URL of a module that exports them",
});

export function hasWorkflows(source: WorkflowSource | undefined): boolean {
  return typeof source === "string" || source instanceof URL || (source !== undefined && source.length > 0);
}

/** @throws RangeError when two workflows have one name */
export function byName(workflows: readonly AnyWorkflow[]): ReadonlyMap<string, AnyWorkflow> {
  const named = new Map<string, AnyWorkflow>();
  for (const workflow of workflows) {
    if (named.has(workflow.name)) throw new RangeError(`There are two workflows named ${workflow.name}.`);
    named.set(workflow.name, workflow);
  }
  return named;
}

function isSource(value: unknown): boolean {
  if (typeof value === "string") return value !== "";
  return value instanceof URL || (Array.isArray(value) && value.every(isWorkflow));
}

export function isWorkflow(value: unknown): value is AnyWorkflow {
  return (
    typeof value === "object" &&
    value !== null &&
    "name" in value &&
    typeof value.name === "string" &&
    "execute" in value &&
    typeof value.execute === "function"
  );
}
