import type { GoalDefinition, GoalMessage } from "@downbeat/protocol";
import { VersionedFold } from "../shared/versioned-fold.ts";

/** A goal as somebody saved it. */
export interface SavedGoal {
  readonly id: string;
  readonly goal: GoalDefinition;
  readonly savedBy: string;
  readonly savedAt: number;
  /** Another one each time that it is saved. */
  readonly version: number;
}

/** A goal that is there, or who deleted it. */
export type GoalState =
  | { readonly saved: SavedGoal }
  | { readonly deletedBy: string; readonly deletedAt: number };

/** The goals that people share. */
export class GoalFold extends VersionedFold<GoalState> {
  get goals(): SavedGoal[] {
    return this.states.flatMap((state) => ("saved" in state ? [state.saved] : []));
  }

  take(message: GoalMessage): void {
    this.change(message, (version) => {
      const { id, by, at } = message;
      if (message.type === "deleted") return { deletedBy: by, deletedAt: at };
      return { saved: { id, goal: message.goal, savedBy: by, savedAt: at, version } };
    });
  }
}
