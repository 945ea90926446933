import type { viewedLists } from "@downbeat/protocol";
import type { DeleteAnswer, SaveAnswer } from "../shared/change-answers.ts";

/** How somebody looks at a list. */
export interface SavedView {
  readonly id: string;
  readonly name: string;
  readonly list: (typeof viewedLists)[number];
  /** Filter and order, as the list's address has them after its `?`. */
  readonly query: string;
  /** In this order; absent: as the list has them by itself. */
  readonly columns?: readonly { readonly id: string; readonly width?: number }[];
  /** Whose it is alone; absent: everybody's. */
  readonly owner?: string;
  readonly savedBy: string;
  readonly savedAt: number;
  /** Another one each time that it is saved. */
  readonly version: number;
}

export interface SavedViewList {
  /** Everybody's, and one's own; by name. */
  readonly views: readonly SavedView[];
}

export type SaveViewAnswer = SaveAnswer<"view", SavedView>;

export type DeleteViewAnswer = DeleteAnswer<SavedView>;
