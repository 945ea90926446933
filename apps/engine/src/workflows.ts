import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { DecisionService } from "@downbeat/protocol";
import { inProcessDecisions } from "@downbeat/sdk/decisions";

type Workflows = Parameters<typeof inProcessDecisions>[0];

/**
 * Loads the module that holds the workflow code.
 *
 * @param path of a module that exports `workflows`, an array made with `workflow()`
 * @param onStray hears of a rejected promise that the code of a run left behind
 * @throws Error that says what the module lacks
 */
export async function loadWorkflows(
  path: string | undefined,
  onStray: (runId: string, reason: Error) => void,
): Promise<{ decisions: DecisionService; names: readonly string[] }> {
  if (path === undefined) return { decisions: inProcessDecisions([]), names: [] };
  const loaded: { workflows?: unknown } = await import(pathToFileURL(resolve(path)).href).catch(
    (error: unknown) => {
      throw new Error(`The workflows could not be loaded from ${path}: ${(error as Error).message}`);
    },
  );
  const { workflows } = loaded;
  if (!isWorkflows(workflows)) {
    throw new Error(`${path} must export "workflows": an array of what workflow() returns.`);
  }
  return { decisions: inProcessDecisions(workflows, { onStray }), names: workflows.map(({ name }) => name) };
}

function isWorkflows(value: unknown): value is Workflows {
  return (
    Array.isArray(value) &&
    value.every(
      (one: unknown) =>
        typeof one === "object" && one !== null && "name" in one && typeof one.name === "string",
    )
  );
}
