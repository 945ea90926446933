import type { z } from "zod";
import { encodePayload, PayloadError } from "../payload.ts";
import { RunRefusedError } from "./errors.ts";

/** @throws RunRefusedError when the value can't be carried */
export function encode(value: unknown, what: string, runId: string, schema?: z.ZodType): string {
  try {
    return encodePayload(value, what, { schema });
  } catch (error) {
    if (!(error instanceof PayloadError)) throw error;
    throw new RunRefusedError(error.isTooLong ? "PayloadTooLarge" : "InvalidInput", error.message, runId);
  }
}
