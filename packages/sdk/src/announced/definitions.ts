import { hash } from "node:crypto";
import { type JobTypeMessage, type LeftOut, longestSchemas, type WorkflowMessage } from "@downbeat/protocol";
import type { z } from "zod";
import { schemaJson } from "./schema-json.ts";

/** What a workflow takes and gives, as it is announced. */
export type WorkflowSchemas = Pick<WorkflowMessage, "input" | "output" | "signals" | "leftOut">;
/** The same of a kind of jobs. */
export type JobTypeSchemas = Pick<JobTypeMessage, "input" | "output" | "leftOut">;

interface WorkflowParts {
  readonly inputSchema?: z.ZodType | undefined;
  readonly outputSchema?: z.ZodType | undefined;
  readonly signalSchemas?: Readonly<Record<string, z.ZodType>> | undefined;
}

export function workflowSchemas({
  inputSchema,
  outputSchema,
  signalSchemas,
}: WorkflowParts): WorkflowSchemas {
  const room = new Room();
  const input = room.take("input", inputSchema, "input");
  const signals = Object.entries(signalSchemas ?? {}).flatMap(([name, schema]) => {
    const json = room.take(`signal ${name}`, schema, "input");
    return json === undefined ? [] : [[name, json] as const];
  });
  const output = room.take("output", outputSchema, "output");
  return {
    ...(input !== undefined && { input }),
    ...(output !== undefined && { output }),
    ...(signals.length > 0 && { signals: Object.fromEntries(signals) }),
    ...room.leftOut,
  };
}

/** @param job its output is what the handler gives: that is what history keeps, and what a person may give instead */
export function jobTypeSchemas({
  inputSchema,
  outputSchema,
}: Omit<WorkflowParts, "signalSchemas">): JobTypeSchemas {
  const room = new Room();
  const input = room.take("input", inputSchema, "input");
  const output = room.take("output", outputSchema, "input");
  return {
    ...(input !== undefined && { input }),
    ...(output !== undefined && { output }),
    ...room.leftOut,
  };
}

/** Which definition it is: the same whenever the same is said. */
export function definitionIdOf(name: string, schemas: WorkflowSchemas | JobTypeSchemas): string {
  return hash("sha256", JSON.stringify([name, schemas])).slice(0, 16);
}

/** What is announced together has one bound. */
class Room {
  readonly #leftOut: LeftOut[] = [];
  #left = longestSchemas;

  take(
    of: string,
    schema: z.ZodType | undefined,
    io: "input" | "output",
  ): Record<string, unknown> | undefined {
    const { schema: json, leftOut } = schemaJson(schema, io);
    const length = json === undefined ? 0 : JSON.stringify(json).length;
    if (length > this.#left) {
      this.#leftOut.push({ of, why: "tooLarge" });
      return undefined;
    }
    this.#left -= length;
    if (leftOut !== undefined) this.#leftOut.push({ of, ...leftOut });
    return json === undefined ? undefined : { ...json };
  }

  get leftOut(): { readonly leftOut?: LeftOut[] } {
    return this.#leftOut.length === 0 ? {} : { leftOut: this.#leftOut };
  }
}
