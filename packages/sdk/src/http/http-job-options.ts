import { z } from "zod";
import { anything, durationMs } from "../options/fields.ts";
import { concurrency } from "../worker/handler.ts";

/** Those that are not the service's. The job's definition is checked by the worker. */
export const httpJobOptions = z.strictObject(
  { timeoutMs: durationMs(1).optional(), concurrency: concurrency.optional(), job: anything },
  { error: "they are an object such as { url, timeoutMs: 10_000 }" },
);
