import type { RunCommand } from "@downbeat/domain";
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
  if (known !== undefined) return known;
  const at = context.now();
  await context.commands.send(command);
  return (await outcome(context, runId, actionId)) ?? pending(context, submission, at);
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
