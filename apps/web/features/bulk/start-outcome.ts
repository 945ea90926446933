import type { ActionView } from "@downbeat/api/views";
import { messageOf, troubleOf } from "../../trpc/trouble.ts";

/** `unknown`: it may have started, or may start yet. */
type StartOutcome =
  | { readonly type: "started"; readonly bulkId: string }
  /** Another person has to approve it first. */
  | { readonly type: "asked" }
  | { readonly type: "notStarted" | "unknown"; readonly problem: string };

/** What came of asking for a bulk action. */
export async function startOutcome(answer: Promise<ActionView>): Promise<StartOutcome> {
  try {
    const { runId, outcome } = await answer;
    if (outcome.type === "refused") return { type: "notStarted", problem: outcome.message };
    if (outcome.type === "lost")
      return { type: "notStarted", problem: "It was lost before an engine read it. Nothing was done." };
    if (outcome.type === "requested") return { type: "asked" };
    return { type: "started", bulkId: runId };
  } catch (error) {
    if (troubleOf(error) === "refused") return { type: "notStarted", problem: messageOf(error) };
    return {
      type: "unknown",
      problem: `${messageOf(error)} ${unknownWords}`,
    };
  }
}

/** Also said to whoever comes back to one that was sent. */
export const unknownWords =
  "It is not certain whether it has started. Sending it again is safe: however often it arrives, it is one bulk action.";
