import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { DecisionService } from "@downbeat/protocol";
import type { Logger } from "@downbeat/sdk";
import { inProcessDecisions, threadedDecisions, withoutCodec } from "@downbeat/sdk/decisions";

type Workflows = Parameters<typeof inProcessDecisions>[0];

export interface CodeListeners {
  /** Hears of a rejected promise that the code of a run left behind. */
  readonly onStray: (runId: string, reason: Error) => void;
  readonly onProblem: (problem: string, error?: Error) => void;
  /** Takes what the code writes with `run.log`. */
  readonly logger: Logger;
}

interface LoadedWorkflows {
  readonly decisions: DecisionService;
  readonly names: readonly string[];
  close(): Promise<void>;
}

/**
 * Loads the module that holds the workflow code.
 *
 * @param path of a module that exports `workflows`, an array made with `workflow()`
 * @param threads in which it runs, apart from the engine; 0: in the engine's own
 * @throws Error that says what the module lacks
 */
export async function loadWorkflows(
  path: string | undefined,
  threads: number,
  { onProblem, ...listeners }: CodeListeners,
): Promise<LoadedWorkflows> {
  const close = async (): Promise<void> => {};
  if (path === undefined) return { decisions: inProcessDecisions([]), names: [], close };
  const loaded: { workflows?: unknown } = await import(pathToFileURL(resolve(path)).href).catch(
    (error: unknown) => {
      throw new Error(`The workflows could not be loaded from ${path}: ${(error as Error).message}`);
    },
  );
  const { workflows } = loaded;
  if (!isWorkflows(workflows)) {
    throw new Error(`${path} must export "workflows": an array of what workflow() returns.`);
  }
  const names = workflows.map(({ name }) => name);
  if (threads === 0)
    return { decisions: withoutCodec(inProcessDecisions(workflows, listeners)), names, close };
  const decisions = threadedDecisions(workflows, { ...listeners, onProblem, threads });
  await decisions.ready;
  return { decisions: withoutCodec(decisions), names, close: () => decisions.close() };
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
