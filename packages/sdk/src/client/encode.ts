import type { z } from "zod";
import { encodePayload, PayloadError } from "../payload.ts";
import { RunRefusedError } from "./errors.ts";

/** @throws RunRefusedError when the value can't be carried */
export function encode(value: unknown, what: string, runId: string, schema?: z.ZodType): string {
  try {
    return encodePayload(value, what, { schema });
  } catch (error) {
    throw refused(error, runId);
  }
}

/** What can't be carried is refused before it is sent. */
export function refused(error: unknown, runId: string): unknown {
  if (!(error instanceof PayloadError)) return error;
  return new RunRefusedError(error.isTooLong ? "PayloadTooLarge" : "InvalidInput", error.message, runId);
}
