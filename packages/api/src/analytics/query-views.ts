import type { AnalyticsAbout } from "@downbeat/analytics";
import type { ColdErrorCode, ColdProgress, ResultTable } from "@downbeat/cold-history";
import type { DeleteAnswer, SaveAnswer } from "../shared/change-answers.ts";

/** Where people's own SQL can be asked; the first is the default. */
export interface QuerySourceList {
  readonly sources: readonly AnalyticsAbout[];
  /** So many rows at most come back. */
  readonly mostRows: number;
}

/** What a running query says: progress a few times a second, and at the end one of the others. */
export type QueryUpdate =
  | { readonly type: "progress"; readonly progress: ColdProgress }
  | { readonly type: "answer"; readonly answer: QueryAnswer }
  | {
      readonly type: "refused";
      /** `running`: the person has another one running, since `since`. */
      readonly code: ColdErrorCode | "running";
      readonly message: string;
      /** Where in the text, from 1. */
      readonly line?: number;
      readonly column?: number;
      readonly since?: number;
    };

export interface QueryAnswer extends ResultTable {
  /** For people, e.g. `Pulsar SQL`. */
  readonly source: string;
  readonly dialect: AnalyticsAbout["dialect"];
  readonly tookMs: number;
  readonly read: { readonly rows: number; readonly bytes: number };
  /** What the log took up to this time is in the answer, ms since the epoch. */
  readonly completeTo: number;
  /** `false`: something older than `completeTo` is missing; `note` says what. */
  readonly isComplete: boolean;
  readonly note?: string;
}

export interface SavedQuery {
  readonly id: string;
  readonly name: string;
  /** Id of the source that it is written for. */
  readonly source: string;
  readonly sql: string;
  readonly savedBy: string;
  readonly savedAt: number;
  /** Another one each time that it is saved. */
  readonly version: number;
}

export type SaveQueryAnswer = SaveAnswer<"query", SavedQuery>;

export type DeleteQueryAnswer = DeleteAnswer<SavedQuery>;

export interface SavedQueryList {
  /** By name. */
  readonly queries: readonly SavedQuery[];
}
