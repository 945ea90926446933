import type { BoardDefinition } from "@downbeat/protocol";

/** Panels that people look at together. */
export interface BoardView {
  readonly id: string;
  readonly board: BoardDefinition;
  readonly savedBy: string;
  readonly savedAt: number;
  /** Another one each time that it is saved. */
  readonly version: number;
}

export interface BoardList {
  /** By name. */
  readonly boards: readonly BoardView[];
}

/** Somebody else was quicker: nothing is changed, and this is what is there now. */
export type SaveBoardAnswer =
  | { readonly outcome: "saved"; readonly board: BoardView }
  | {
      readonly outcome: "conflict";
      readonly current:
        | { readonly board: BoardView }
        | { readonly deletedBy: string; readonly deletedAt: number };
    };

export type DeleteBoardAnswer =
  | {
      readonly outcome: "deleted";
      /** Nothing had to be deleted. */
      readonly wasGone?: true;
    }
  | { readonly outcome: "conflict"; readonly current: BoardView };

export type { BoardDefinition, BoardPanel } from "@downbeat/protocol";
