import type { ActionView } from "@downbeat/api/views";
import { failureWords } from "@downbeat/domain";
import { CommandFailure } from "../failure.ts";
import { printJson, printLine } from "../output/print.ts";
import type { Api } from "./client.ts";

/** The server waits for so long at most. */
const longestAskMs = 20_000;

/** Waits until it is known what came of the action, or the time is up. */
export async function awaitOutcome(api: Api, action: ActionView, seconds: number): Promise<ActionView> {
  const endsAt = Date.now() + seconds * 1_000;
  const { runId, actionId } = action;
  let latest = action;
  while (isOpen(latest)) {
    const waitMs = Math.min(endsAt - Date.now(), longestAskMs);
    if (waitMs <= 0) break;
    latest = await api.actions.outcome.query({ runId, actionId, waitMs, until: "settled" });
  }
  return latest;
}

function isOpen({ outcome }: ActionView): boolean {
  return outcome.type === "pending" || outcome.type === "inProgress";
}

/** Prints what came of it. What did not succeed ends the command with a status that says so. */
export function reportOutcome(action: ActionView, json: boolean, done: string): void {
  if (json) printJson(action);
  const { outcome } = action;
  switch (outcome.type) {
    case "accepted":
    case "recovered":
      if (!json) printLine(outcome.type === "recovered" ? `${done} It has recovered.` : done);
      return;
    case "inProgress":
      if (!json)
        printLine(`${done} Its outcome is not known yet; ask again with: downbeat runs show ${action.runId}`);
      return;
    case "refused":
      throw new CommandFailure("refused", `Refused: ${outcome.message}`);
    case "failedAgain":
      throw new CommandFailure(
        "refused",
        `It was done, but it failed again with ${failureWords(outcome.failure)}`,
      );
    case "lost":
      throw new CommandFailure(
        "refused",
        `It was lost: somebody took it out of the inbox before an engine read it. Nothing was done; send it again.`,
      );
    case "pending":
      throw new CommandFailure(
        "unknownOutcome",
        `The engine has not answered yet. Ask again with: downbeat runs show ${action.runId} (action ${action.actionId})`,
      );
  }
}
