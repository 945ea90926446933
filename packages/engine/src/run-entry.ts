import type { RunState } from "@downbeat/domain";
import type { RecordedEvent } from "@downbeat/protocol";

/**
 * A run in memory. `history` is appended to in place and shared by the accepted and the speculative entry, so it may be longer than
 * `state.seq` says; only the first `state.seq` events belong to this state. Runs that are over keep none.
 */
export interface RunEntry {
  readonly state: RunState;
  readonly history: RecordedEvent[];
}
