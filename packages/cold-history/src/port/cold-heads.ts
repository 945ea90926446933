import type { KnownLog } from "@downbeat/read-model";
import type { Step } from "@downbeat/read-model/rules";
import type { OpenRunPlace } from "./cold-open-runs.ts";

/** What had happened in open runs before a time. */
export interface ColdHeadsQuery {
  /** {@link mostHeads} at most, as `openRuns` gave them. Places that lie near each other are read faster. */
  readonly places: readonly OpenRunPlace[];
  /** The `asOf` that `openRuns` was asked with. */
  readonly asOf: number;
  readonly log: KnownLog;
}

export interface ColdHeads {
  /** In the order of the places. What could not be had whole is left out, and the answer's note says how many. */
  readonly heads: readonly RunHead[];
}

export interface RunHead {
  readonly runId: string;
  readonly partition: number;
  /** From event 1 to the place's `seq` without a gap. `foldStep` takes them as they are. */
  readonly steps: readonly Step[];
}

export const mostHeads = 200;
