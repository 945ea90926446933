import type { BulkView } from "@downbeat/api/views";

/** "495 recovered, 5 failedAgain" */
export function outcomeWords({ outcomes }: Pick<BulkView, "outcomes">): string {
  return Object.entries(outcomes)
    .map(([outcome, count]) => `${count} ${outcome}`)
    .join(", ");
}

export function progressWords({ sent, targets }: Pick<BulkView, "sent" | "targets">): string {
  return targets === undefined ? "" : `${sent} of ${targets}`;
}
