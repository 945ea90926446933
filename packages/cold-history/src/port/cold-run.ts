import type { KnownLog, RunPlace } from "@downbeat/read-model";
import type { Step } from "@downbeat/read-model/rules";

export interface ColdRunQuery {
  readonly place: RunPlace;
  readonly log: KnownLog;
}

export interface ColdRun {
  /** All that happened in the run, from event 1 on without a gap; empty when the log holds no such run. `foldStep` takes them as they are. */
  readonly steps: readonly Step[];
}
