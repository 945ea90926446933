import { randomUUID } from "node:crypto";
import type { ActionView } from "@downbeat/api/views";
import { failureWords, type RejectionCode } from "@downbeat/domain";
import { CommandFailure } from "../failure.ts";
import { printJson, printLine } from "../output/print.ts";
import type { Api } from "./client.ts";

/** Sent, and no answer came: it may have been carried out. */
export class Unconfirmed extends Error {
  override readonly name = "Unconfirmed";
  readonly actionId: string;

  constructor(actionId: string, cause: unknown) {
    super("The action was not confirmed.", { cause });
    this.actionId = actionId;
  }
}

/** Sends an action under an id that is known before it leaves, so that whoever loses the answer can send the same again. */
export async function sendAction(
  actionId: string | undefined,
  send: (actionId: string) => Promise<ActionView>,
): Promise<ActionView> {
  const id = actionId ?? randomUUID();
  try {
    return await send(id);
  } catch (error) {
    throw new Unconfirmed(id, error);
  }
}

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

/** The engine refuses what isn't there; to whoever asks it is the same as what the server doesn't find. */
function isMissing(code: RejectionCode): boolean {
  return code === "UnknownRun" || code === "UnknownJob" || code === "UnknownTimer";
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
    case "existed":
      if (!json)
        printLine(
          `The run ${action.runId} exists already, with this workflow and input. Nothing was started.`,
        );
      return;
    case "inProgress":
      if (!json)
        printLine(`${done} Its outcome is not known yet; ask again with: downbeat runs show ${action.runId}`);
      return;
    case "requested":
      if (!json)
        printLine(
          `It needs a second person, and is requested as ${outcome.requestId} until ${new Date(outcome.expiresAt).toISOString()}. Nothing is done until somebody else approves it.`,
        );
      return;
    case "refused":
      throw new CommandFailure(
        isMissing(outcome.code) ? "notFound" : "refused",
        `Refused: ${outcome.message}`,
      );
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
        `It is in the log, and not decided yet. See what comes of it with: downbeat runs show ${action.runId}, or give the same command again with --action-id ${action.actionId}: it is carried out once.`,
      );
  }
}
