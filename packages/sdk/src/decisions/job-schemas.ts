import type { z } from "zod";

/** What a job takes and comes to, where its author says. */
export interface JobSchemas {
  readonly inputSchema?: z.ZodType | undefined;
  readonly outputSchema?: z.ZodType | undefined;
}
