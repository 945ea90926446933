import type { RunDecision } from "@downbeat/domain";

/** What whoever hosts the code says to an `AskedQuestion`. */
export type DecisionAnswer =
  | { readonly type: "decided"; readonly answerId: string; readonly decisions: readonly RunDecision[] }
  /** It has not what the question goes on from. */
  | { readonly type: "needsHistory" }
  /** Its code is not the one that decided before. */
  | { readonly type: "notMine"; readonly reason: string };
