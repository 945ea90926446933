import type { RunView } from "@downbeat/read-model/views";

/** A run is shown as it is. */
export interface Reveal {
  readonly runId: string;
  /** ms since the epoch */
  readonly until: number;
}

/** A run, and what is masked of it. */
export interface ShownRunView extends RunView {
  /** Absent: nothing is. `until`: so long it is shown, ms since the epoch. */
  readonly masked?: { readonly until?: number };
}
