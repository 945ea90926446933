import type { ApprovalView } from "@downbeat/api/views";

/** What would be done, or was. */
export function whatWords({ verb, runId, jobId, targets, about }: ApprovalView): string {
  const of = about === undefined ? "" : ` (${about})`;
  if (targets !== undefined) return `${verb} of ${targets.toLocaleString("en")}${of}`;
  return jobId === undefined ? `${verb} ${runId ?? ""}` : `${verb} ${jobId} of ${runId ?? ""}`;
}

/** What each run would be sent, and how carefully and when it would be done to all of them. */
export function carefulLines({ targets, signal, canary, perMinute, startAt }: ApprovalView): string[] {
  if (targets === undefined) return [];
  return [
    ...(signal === undefined ? [] : [`Signal: ${signal.name}, with ${signal.payload}`]),
    canary === undefined || canary.size >= targets
      ? "None is tried before the others."
      : `The first ${canary.size} are tried before the others; at most ${Math.round(canary.mostFailed * 100)} % may fail.`,
    ...(perMinute === undefined ? [] : [`At most ${perMinute.toLocaleString("en")} a minute.`]),
    ...(startAt === undefined ? [] : [`Not before ${new Date(startAt).toISOString()}.`]),
  ];
}

/** How it stands. */
export function standingWords({ status, expiresAt, decision, execution, isOwn }: ApprovalView): string {
  const by = decision === undefined ? "" : ` by ${decision.by}`;
  switch (status) {
    case "waiting":
      return `${isOwn ? "waits for somebody else" : "waits"} until ${new Date(expiresAt).toISOString()}`;
    case "approved":
      return `approved${by}, not done yet`;
    case "executed":
      return execution?.outcome.is === "refused"
        ? `approved${by}, and refused: ${execution.outcome.why ?? ""}`
        : `approved${by}, done`;
    case "rejected":
    case "withdrawn":
      return `${status}${by}`;
    case "expired":
      return decision === undefined
        ? "expired: nobody approved it in time"
        : `approved${by} and not done in time`;
  }
}
