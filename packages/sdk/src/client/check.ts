import type { z } from "zod";
import { checkNow } from "../schema-check.ts";
import { RunRefusedError } from "./errors.ts";

/** @throws RunRefusedError for what the schema doesn't take */
export function check(schema: z.ZodType, value: unknown, what: string, runId: string): void {
  const checked = checkNow(schema, value);
  if (!checked.ok)
    throw new RunRefusedError("InvalidInput", `${what} can't be taken.\n${checked.problem}`, runId);
}
