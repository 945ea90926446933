import type { ActionOutcome } from "@downbeat/api/views";

/** What came of what was sent again, in a sentence. */
export function resentWords(outcome: ActionOutcome | undefined): string {
  switch (outcome?.type) {
    case undefined:
      return "Nothing is known about it yet.";
    case "pending":
      return "It is in the log, not decided yet.";
    case "requested":
      return "Another person must approve it.";
    case "lost":
      return "It was lost: nothing happened.";
    case "refused":
      return `It was refused: ${outcome.message}`;
    case "existed":
      return "It changed nothing: the run already exists.";
    case "accepted":
      return "It was accepted.";
    case "inProgress":
      return "It was accepted, and is under way.";
    case "recovered":
      return "It was accepted, and the job recovered.";
    case "failedAgain":
      return `It was accepted, and the job failed again: ${outcome.failure.message}`;
  }
}
