import { issuesText } from "@downbeat/protocol";
import type { z } from "zod";
import { containPassing } from "./stray-rejections.ts";
import { thrownText } from "./thrown/read-thrown.ts";
import { unreadableIn } from "./unreadable.ts";

export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string };

/** Workflow code and the engine's acceptance of a run can't wait for an asynchronous schema; one is reported like a misfit. */
export function checkNow<T>(schema: z.ZodType<T>, value: unknown): Checked<T> {
  try {
    // An asynchronous part of the schema has begun by the time it is found out, and nobody waits for it.
    const parsed = containPassing(() => schema.safeParse(value));
    return parsed.success
      ? { ok: true, value: parsed.data }
      : { ok: false, problem: issuesText(parsed.error.issues) };
  } catch (error) {
    const unreadable = containPassing(() => unreadableIn(value));
    if (unreadable !== undefined) return { ok: false, problem: `✖ ${unreadable}` };
    return { ok: false, problem: `The schema itself failed: ${thrownText(error)}` };
  }
}
