import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { AnyWorkflow } from "@downbeat/sdk";
import { isWorkflow } from "@downbeat/sdk/decisions";
import { CommandFailure } from "../failure.ts";

/**
 * The workflows that a module exports, by themselves or in arrays.
 *
 * @throws CommandFailure where there are none
 */
export async function loadWorkflows(file: string): Promise<ReadonlyMap<string, AnyWorkflow>> {
  const path = resolve(file);
  if (!existsSync(path)) throw new CommandFailure("usage", `--workflows: there is no file ${path}.`);
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
