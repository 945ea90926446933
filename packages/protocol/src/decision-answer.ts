import type { Failure, RunDecision } from "@downbeat/domain";

/** What whoever hosts the code says to an `AskedQuestion`. */
export type DecisionAnswer =
  | {
      readonly type: "decided";
      readonly answerId: string;
      readonly decisions: readonly RunDecision[];
      /** Why the history can't be this code's, in a sentence: it went on where the code does not. */
      readonly misfit?: string;
      /** Something recorded that its schemas do not take, where that got it stuck: those of another build may. */
      readonly untaken?: Failure;
      /** A signal that its schemas do not take, and that it goes on without: those of another build may. */
      readonly passedOver?: PassedOver;
    }
  /** It has not what the question goes on from. */
  | { readonly type: "needsHistory" }
  /** Its code is not the one that decided before, or does not take what was recorded: then with the failure. */
  | {
      readonly type: "notMine";
      readonly reason: string;
      readonly failure?: Failure;
      /** What it does not take is that signal. */
      readonly signalId?: string;
    };

export interface PassedOver {
  readonly signalId: string;
  readonly failure: Failure;
}
