import type { Labels } from "@downbeat/domain";
import type { Freshness, RunSummary, ShownStatus } from "@downbeat/read-model/views";

export interface CaseLine {
  /** Number of the event that it tells. */
  readonly seq: number;
  readonly at: number;
  /** The same in words of the language. */
  readonly stamp: string;
  readonly text: string;
}

/** A run in plain language. */
export interface CaseView {
  readonly runId: string;
  readonly workflow: string;
  readonly shown: ShownStatus;
  readonly labels: Labels;
  readonly language: "en" | "de";
  readonly audience: "colleague" | "customer";
  readonly title: string;
  readonly summary: string;
  readonly lines: readonly CaseLine[];
  /** What is not told, in sentences. */
  readonly notes: readonly string[];
  /** All of it, to be passed on. */
  readonly text: string;
  readonly freshness: Freshness;
}

export interface CaseMatches {
  /** Called exactly so, newest first; where none is, those that begin so. At most 20 by their labels. */
  readonly runs: readonly RunSummary[];
  readonly isExact: boolean;
  /** There are more keys of labels than are looked at: what is not found may still be called so. */
  readonly keysLeftOut: boolean;
  readonly freshness: Freshness;
}
