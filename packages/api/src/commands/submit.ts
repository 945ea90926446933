import type { RunCommand } from "@downbeat/domain";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import type { ActionVerb, ActionView } from "../views.ts";
import { awaitOutcome } from "./await-outcome.ts";

export interface Submission {
  readonly command: RunCommand;
  /** The command before it was encrypted, which gives another text each time. Default: `command`. */
  readonly asked?: RunCommand;
  readonly actionId: string;
  readonly verb: ActionVerb;
  readonly reason: string;
  readonly jobId?: string;
  readonly timerId?: string;
}

/** Sends a command and waits for what comes of it: history's answer if it comes soon, otherwise `pending`. */
export async function submit(context: Context, submission: Submission): Promise<ActionView> {
  const { command, actionId } = submission;
  const { runId } = command;
  const known = context.readModel.action(runId, actionId);
  if (known !== undefined) return sameAction(known, submission);
  const sent = (await stillUndecided(context, submission)) ?? (await send(context, submission));
  const come = await awaitOutcome(context, runId, actionId, { until: "known", ms: context.outcomeTimeoutMs });
  if (come === undefined) return sent;
  context.sent.answered(come);
  return sameAction(come, submission);
}

async function send(context: Context, submission: Submission): Promise<ActionView> {
  const { command, asked = command } = submission;
  const at = context.now();
  await context.commands.send(command);
  const sent = pending(context, submission, at);
  context.sent.add(sent, asked);
  return sent;
}

/** The same action, sent before: it is in the log already, and its outcome is waited for instead of sending it a second time. */
async function stillUndecided(context: Context, submission: Submission): Promise<ActionView | undefined> {
  const { command, asked = command, actionId } = submission;
  const action = { runId: command.runId, actionId };
  const before = await context.sent.stateOf(action);
  if (before?.outcome.type !== "pending") return undefined;
  const same = sameAction(before, submission);
  if (context.sent.isWhatWasSent(action, asked)) return same;
  throw new ApiError(
    "badInput",
    `The action id ${actionId} is taken: it was sent with other values, which are in the log and not decided yet. Nothing was done; choose another action id.`,
  );
}

/**
 * What is known of the action, if it is the one that was asked for.
 *
 * @throws ApiError when the id is another action's: its outcome would be taken for this one's
 */
export function sameAction(
  known: ActionView,
  { verb, jobId, timerId, actionId, command }: Submission,
): ActionView {
  if (known.verb === verb && known.jobId === jobId && known.timerId === timerId) return known;
  // A run that is set aside ends by its repair.
  if (known.verb === "repairRun" && verb === "terminateRun") return { ...known, verb };
  const part = known.jobId ?? known.timerId;
  const what = part === undefined ? known.verb : `${known.verb} of ${part}`;
  throw new ApiError(
    "badInput",
    `The action id ${actionId} is taken: it was ${what} on run ${command.runId}. Nothing was done; choose another action id.`,
  );
}

function pending({ actor }: Context, submission: Submission, at: number): ActionView {
  const { command, actionId, verb, reason, jobId, timerId } = submission;
  return {
    actionId,
    verb,
    actor,
    reason,
    at,
    runId: command.runId,
    ...(jobId !== undefined && { jobId }),
    ...(timerId !== undefined && { timerId }),
    outcome: { type: "pending" },
  };
}
