import type { viewedLists } from "@downbeat/protocol";

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

/** Somebody else was quicker: nothing is changed, and this is what is there now. */
export type SaveViewAnswer =
  | { readonly outcome: "saved"; readonly view: SavedView }
  | {
      readonly outcome: "conflict";
      readonly current:
        | { readonly view: SavedView }
        | { readonly deletedBy: string; readonly deletedAt: number };
    };

export type DeleteViewAnswer =
  | {
      readonly outcome: "deleted";
      /** Nothing had to be deleted. */
      readonly wasGone?: true;
    }
  | { readonly outcome: "conflict"; readonly current: SavedView };
