import type { Labels } from "@downbeat/domain";
import type { RunFold, Step } from "../fold/run-fold.ts";
import type { ActionView, TimelineRow } from "../views.ts";
import type { OwedRow } from "./owed-rows.ts";

/** An open run, or one that has changed since the last flush, as the projection keeps it in memory. */
export interface Entry {
  /** Its number in the tables. */
  readonly id: number;
  readonly fold: RunFold;
  /** Steps folded and not yet written. */
  steps: Step[];
  /** When the log took the first and the last record about it, ms since the epoch. */
  published: { readonly first: number; readonly last: number } | undefined;
  /** Its steps left the tables after it ended: the fold knows no more than the summary does, and what the tables say of it stays. */
  readonly retired: boolean;
  /** What the tables say, so that a flush writes differences only. `undefined`: nothing yet. */
  written:
    | {
        readonly shown: number;
        readonly workflow: string;
        readonly labels: Labels;
        readonly terms: readonly string[];
        readonly rows: ReadonlyMap<string, TimelineRow | undefined>;
        readonly actions: ReadonlyMap<string, ActionView>;
        readonly owed: ReadonlyMap<string, OwedRow>;
      }
    | undefined;
}
