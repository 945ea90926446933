import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { AnyWorkflow } from "@downbeat/sdk";
import { z } from "zod";
import { CommandFailure } from "../failure.ts";

const definition = z.custom<AnyWorkflow>(
  (value) =>
    typeof value === "object" &&
    value !== null &&
    typeof Reflect.get(value, "name") === "string" &&
    typeof Reflect.get(value, "execute") === "function",
);

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
    const parsed = definition.safeParse(value);
    if (parsed.success) found.set(parsed.data.name, parsed.data);
  }
  if (found.size === 0)
    throw new CommandFailure("usage", `--workflows: ${path} exports no workflow, as workflow() makes them.`);
  return found;
}
