import { z } from "zod";

export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string };

/** Workflow code and the engine's acceptance of a run can't wait for an asynchronous schema; one is reported like a misfit. */
export function checkNow<T>(schema: z.ZodType<T>, value: unknown): Checked<T> {
  try {
    const parsed = schema.safeParse(value);
    return parsed.success
      ? { ok: true, value: parsed.data }
      : { ok: false, problem: z.prettifyError(parsed.error) };
  } catch (error) {
    return {
      ok: false,
      problem: `The schema itself failed: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}
