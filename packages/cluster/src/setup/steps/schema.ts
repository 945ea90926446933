import { isDeepStrictEqual } from "node:util";
import { historySchema } from "@downbeat/protocol";
import { z } from "zod";
import type { Look } from "../item.ts";

export const schemaAnswer = z.object({ version: z.number(), type: z.string(), data: z.string() });

export function schemaPath(path: string): string {
  return `schemas/${path}/history/schema`;
}

/** `undefined`: none. Otherwise its version, and whether it is this release's. */
export function schemaState(
  found: z.output<typeof schemaAnswer> | undefined,
): { readonly version: number; readonly type: string; readonly isOurs: boolean } | undefined {
  if (found === undefined) return undefined;
  const { version, type, data } = found;
  return {
    version,
    type,
    isOurs: type === "JSON" && isDeepStrictEqual(parsed(data), parsed(JSON.stringify(historySchema))),
  };
}

/** From which Pulsar SQL knows the columns of history. */
export const schema: Look = async ({ cluster, path }) => {
  const what = "schema of history";
  const state = schemaState(await cluster.read(schemaPath(path), schemaAnswer));
  const wanted = "JSON, with the fields of a history record";
  const body = { type: "JSON", schema: JSON.stringify(historySchema), properties: {} };
  const make = () => cluster.write("POST", schemaPath(path), body);
  if (state === undefined) return [{ what, seen: { as: "missing", wanted, make } }];
  const found = `${state.type}, version ${state.version}`;
  if (state.isOurs) return [{ what, seen: { as: "there", found } }];
  return [{ what, seen: { as: "other", found: `${found}, with other fields`, wanted, make } }];
};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
