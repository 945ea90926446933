import type { BulkVerb } from "@downbeat/api/views";
import type { RunFilter } from "@/lib/run-filter.ts";

export interface BulkRequest {
  readonly verb: BulkVerb;
  readonly selection:
    | { readonly type: "items"; readonly items: { readonly runId: string; readonly jobId?: string }[] }
    | { readonly type: "cause"; readonly fingerprint: string }
    | { readonly type: "runs"; readonly filter: RunFilter };
  /** As far as the page knows, until the server has counted. */
  readonly count: number;
  /** What is acted on, in words. */
  readonly about: string;
}
