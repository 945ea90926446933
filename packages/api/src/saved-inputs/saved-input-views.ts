import type { DeleteAnswer, SaveAnswer } from "../shared/change-answers.ts";

/** What somebody starts runs of a workflow with again and again; what it says is asked for by itself. */
export interface SavedInput {
  readonly id: string;
  readonly name: string;
  readonly workflow: string;
  /** Of its JSON text, in UTF-8. */
  readonly bytes: number;
  /** Something of it is personal: it was not kept, and is to be given at each start. */
  readonly hasMasked?: true;
  /** Whose it is alone; absent: everybody's. */
  readonly owner?: string;
  readonly savedBy: string;
  readonly savedAt: number;
  /** Another one each time that it is saved. */
  readonly version: number;
}

export interface SavedInputList {
  /** Everybody's, and one's own, of all workflows; by name. */
  readonly inputs: readonly SavedInput[];
}

export interface SavedInputView extends SavedInput {
  /** JSON text, as it was typed. */
  readonly input: string;
}

export type SaveInputAnswer = SaveAnswer<"saved", SavedInput>;

export type DeleteInputAnswer = DeleteAnswer<SavedInput>;
