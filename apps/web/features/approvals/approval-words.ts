import type { ApprovalView } from "@downbeat/api/views";
import type { Tone } from "../../lib/status.ts";
import { buttonWords, settingWords } from "../bulk/bulk-words.ts";

/** What would be done, or was. */
export function whatWords({ verb, targets, jobId, runId }: ApprovalView): string {
  if (targets !== undefined) return buttonWords(verb, targets);
  if (verb === "completeJob") return `Complete ${jobId ?? "a job"} of ${runId ?? "a run"} with a value`;
  return `Terminate ${runId ?? "a run"}`;
}

/** How carefully a bulk action would be carried out, and when; empty of one thing. */
export function carefulWords(request: ApprovalView): string {
  if (request.targets === undefined) return "";
  return settingWords({ ...request, sent: 0, state: "listing" }).join(" · ");
}

interface Standing {
  readonly tone: Tone;
  readonly word: string;
  /** Why, where there is something to say. */
  readonly why?: string;
}

/** How it stands. */
export function standingOf({ status, decision, execution }: ApprovalView): Standing {
  const said = decision === undefined || decision.reason === "" ? {} : { why: decision.reason };
  switch (status) {
    case "waiting":
      return { tone: "waiting", word: "Waiting" };
    case "approved":
      return { tone: "running", word: "Approved, being done", ...said };
    case "executed": {
      if (execution?.outcome.is !== "refused")
        return { tone: "completed", word: "Approved and done", ...said };
      const { why } = execution.outcome;
      return { tone: "failed", word: "Approved, but refused", ...(why !== undefined && { why }) };
    }
    case "rejected":
      return { tone: "failed", word: "Rejected", ...said };
    case "withdrawn":
      return { tone: "ended", word: "Withdrawn" };
    case "expired":
      return {
        tone: "ended",
        word: "Expired",
        why:
          decision === undefined
            ? "Nobody approved it in time: nothing was done."
            : "It was approved, and could not be done in time.",
      };
  }
}
