import type { Context } from "../context.ts";
import type { ActionView } from "../views.ts";

interface Wait {
  /** `known`: history holds the action. `settled`: nothing more is to come of it either. */
  readonly until: "known" | "settled";
  readonly ms: number;
}

/** Resolves with what history holds of the action: when it has come to what is waited for, when the time is up, or when whoever asked has gone. */
export async function awaitOutcome(
  { readModel, feed, signal }: Context,
  runId: string,
  actionId: string,
  { until, ms }: Wait,
): Promise<ActionView | undefined> {
  const latest = (): ActionView | undefined => readModel.action(runId, actionId);
  const isThere = (action: ActionView | undefined): boolean =>
    action !== undefined && (until === "known" || action.outcome.type !== "inProgress");
  const known = latest();
  if (isThere(known) || ms === 0) return known;
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      stop();
      signal?.removeEventListener("abort", finish);
      resolve(latest());
    };
    const timer = setTimeout(finish, ms);
    const stop = feed.onFlushed((flushed) => {
      if (!flushed.runIds.includes(runId) && flushed.refusals === 0) return;
      if (isThere(latest())) finish();
    });
    signal?.addEventListener("abort", finish);
  });
}
