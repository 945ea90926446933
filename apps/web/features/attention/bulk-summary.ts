import { plural } from "../../lib/number.ts";
import type { TrackedAction } from "../actions/action-store.ts";

interface Summary {
  readonly text: string;
  readonly isOpen: boolean;
}

/** What came of several actions together: "12 done: 10 recovered, 1 failed again, 1 refused". Nothing for fewer than two. */
export function summarise(actions: readonly TrackedAction[]): Summary | undefined {
  if (actions.length < 2) return undefined;
  const counts = new Map<string, number>();
  for (const action of actions) {
    const word = wordOf(action);
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const parts = order.flatMap((word) => (counts.has(word) ? [`${counts.get(word)} ${word}`] : []));
  return {
    text: `${plural(actions.length, "action")}: ${parts.join(", ")}`,
    isOpen: counts.has("under way"),
  };
}

const order = ["under way", "recovered", "accepted", "failed again", "refused", "lost", "not sent"];

function wordOf(action: TrackedAction): string {
  if (action.state === "sending") return "under way";
  if (action.state === "notSent") return "not sent";
  switch (action.view.outcome.type) {
    case "recovered":
      return "recovered";
    case "failedAgain":
      return "failed again";
    case "lost":
      return "lost";
    case "refused":
      return "refused";
    case "accepted":
      return "accepted";
    default:
      return "under way";
  }
}
