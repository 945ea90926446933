import type { RunCommand } from "@downbeat/domain";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import type { ActionVerb, ActionView } from "../views.ts";

export interface Submission {
  readonly command: RunCommand;
  readonly actionId: string;
  readonly verb: ActionVerb;
  readonly reason: string;
  readonly jobId?: string;
}

/** Sends a command and waits for what comes of it: history's answer if it comes soon, otherwise `pending`. */
export async function submit(context: Context, submission: Submission): Promise<ActionView> {
  const { command, actionId } = submission;
  const { runId } = command;
  const known = context.readModel.action(runId, actionId);
  if (known !== undefined) return sameAction(known, submission);
  const at = context.now();
  await context.commands.send(command);
  const come = await outcome(context, runId, actionId);
  return come === undefined ? pending(context, submission, at) : sameAction(come, submission);
}

/**
 * What is known of the action, if it is the one that was asked for.
 *
 * @throws ApiError when the id is another action's: its outcome would be taken for this one's
 */
function sameAction(known: ActionView, { verb, jobId, actionId, command }: Submission): ActionView {
  if (known.verb === verb && known.jobId === jobId) return known;
  const what = known.jobId === undefined ? known.verb : `${known.verb} of ${known.jobId}`;
  throw new ApiError(
    "badInput",
    `The action id ${actionId} is taken: it was ${what} on run ${command.runId}. Nothing was done; choose another action id.`,
  );
}

/** Resolves when history knows of the action, or with `undefined` when the time is up. */
async function outcome(context: Context, runId: string, actionId: string): Promise<ActionView | undefined> {
  const { readModel, feed, outcomeTimeoutMs, signal } = context;
  const known = readModel.action(runId, actionId);
  if (known !== undefined) return known;
  return new Promise((resolve) => {
    const finish = (action: ActionView | undefined): void => {
      clearTimeout(timer);
      stop();
      signal?.removeEventListener("abort", onAbort);
      resolve(action);
    };
    const onAbort = (): void => finish(undefined);
    const timer = setTimeout(() => finish(undefined), outcomeTimeoutMs);
    const stop = feed.onFlushed((flushed) => {
      if (!flushed.runIds.includes(runId) && flushed.refusals === 0) return;
      const action = readModel.action(runId, actionId);
      if (action !== undefined) finish(action);
    });
    signal?.addEventListener("abort", onAbort);
  });
}

function pending({ actor }: Context, submission: Submission, at: number): ActionView {
  const { command, actionId, verb, reason, jobId } = submission;
  return {
    actionId,
    verb,
    actor,
    reason,
    at,
    runId: command.runId,
    ...(jobId !== undefined && { jobId }),
    outcome: { type: "pending" },
  };
}
