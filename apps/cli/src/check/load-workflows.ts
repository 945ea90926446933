import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { AnyWorkflow } from "@downbeat/sdk";
import { isWorkflow } from "@downbeat/sdk/decisions";
import { CommandFailure } from "../failure.ts";
import { triedImport } from "./trial-import.ts";

const loadsWithinMs = 20_000;

/**
 * The workflows that a module exports, by themselves or in arrays.
 *
 * @throws CommandFailure where there are none, or its top level does not come to an end
 */
export async function loadWorkflows(
  file: string,
  withinMs = loadsWithinMs,
): Promise<ReadonlyMap<string, AnyWorkflow>> {
  const path = resolve(file);
  if (!existsSync(path)) throw new CommandFailure("usage", `--workflows: there is no file ${path}.`);
  await refuseHarmful(path, withinMs);
  const module: object = await import(pathToFileURL(path).href).catch((error: unknown) => {
    throw new CommandFailure("usage", `--workflows: ${path} could not be imported. ${String(error)}`);
  });
  const found = new Map<string, AnyWorkflow>();
  for (const value of Object.values(module).flat()) {
    if (isWorkflow(value)) found.set(value.name, value);
  }
  if (found.size === 0)
    throw new CommandFailure("usage", `--workflows: ${path} exports no workflow, as workflow() makes them.`);
  return found;
}

async function refuseHarmful(path: string, withinMs: number): Promise<void> {
  const outcome = await triedImport(pathToFileURL(path).href, withinMs);
  if (outcome === "loaded") return;
  const what =
    outcome === "endless"
      ? `did not finish loading within ${withinMs / 1_000} s: something at its top level, or in a file that it imports, never ends`
      : "stopped while it was loading: it ends its process, or waits at its top level for what never comes";
  throw new CommandFailure(
    "usage",
    `--workflows: ${path} ${what}. A module of workflows should define them and do nothing else.`,
  );
}
