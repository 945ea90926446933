/** Who somebody is: by the id alone they are told from others, since anybody may choose a name. */
export interface Person {
  /** `issuer|subject` */
  readonly id: string;
  /** As history names them. */
  readonly actor: string;
}

type Said = { readonly id: string; readonly by: Person; readonly at: number };

/** What is written of an action that needs a second person, in the log's order. Times are of the server that wrote it, ms since the epoch. */
export type ApprovalEvent =
  /** `digest`: of what is to be done, all of it. */
  | (Said & { readonly type: "requested"; readonly expiresAt: number; readonly digest: string })
  /** `digest`: of what was looked at. */
  | (Said & { readonly type: "approved"; readonly reason: string; readonly digest: string })
  | (Said & { readonly type: "rejected"; readonly reason: string })
  | (Said & { readonly type: "withdrawn" })
  | {
      readonly type: "executed";
      readonly id: string;
      readonly at: number;
      readonly outcome: ApprovedOutcome;
    };

/** What came of it: `refused` by the engine, or by what is there by now. */
export interface ApprovedOutcome {
  readonly is: "done" | "refused";
  readonly why?: string;
}

export interface Approval {
  readonly id: string;
  readonly requestedBy: Person;
  readonly requestedAt: number;
  readonly expiresAt: number;
  readonly digest: string;
  readonly status: "waiting" | "approved" | "rejected" | "withdrawn" | "executed";
  readonly decision?: { readonly by: Person; readonly at: number; readonly reason: string };
  readonly execution?: { readonly at: number; readonly outcome: ApprovedOutcome };
}

/** `expired`: nobody agreed in time, or nothing was done in time after somebody had. */
export type ApprovalStatus = Approval["status"] | "expired";

/** An approval of the last moment can still be carried out for so long, ms. */
const carryOutWithinMs = 600_000;

/** Nothing is done after it, ms since the epoch. */
export function carriedOutBefore({ expiresAt, decision }: Approval): number {
  return decision === undefined ? expiresAt : Math.max(expiresAt, decision.at + carryOutWithinMs);
}

export function approvalStatus(approval: Approval, now: number): ApprovalStatus {
  const { status } = approval;
  const isOpen = status === "waiting" || status === "approved";
  return isOpen && now >= carriedOutBefore(approval) ? "expired" : status;
}

/** Why it does not count, in a sentence; `undefined` where it does. */
export function approvalProblem(approval: Approval | undefined, event: ApprovalEvent): string | undefined {
  if (event.type === "requested")
    return approval === undefined ? undefined : "It has been asked for already.";
  if (approval === undefined) return "There is no such request.";
  const status = approvalStatus(approval, event.at);
  if (event.type === "executed")
    return approval.status === "approved" ? undefined : `It can't be carried out: ${isWords[status]}.`;
  if (status !== "waiting") return `Nothing is left to decide: ${isWords[status]}.`;
  const isOwn = event.by.id === approval.requestedBy.id;
  if (event.type === "withdrawn")
    return isOwn ? undefined : "Only who asked for it can withdraw it; another person can reject it.";
  if (isOwn)
    return event.type === "approved"
      ? "You asked for it yourself: another person has to approve it."
      : "You asked for it yourself: withdraw it instead.";
  if (event.type === "approved" && event.digest !== approval.digest)
    return "What you looked at is not what was asked for: look at it again.";
  return undefined;
}

const isWords: Readonly<Record<ApprovalStatus, string>> = {
  waiting: "nobody has approved it",
  approved: "it was approved",
  rejected: "it was rejected",
  withdrawn: "it was withdrawn",
  executed: "it was carried out",
  expired: "its time is over",
};

/** What does not count changes nothing: all who read the log agree on it. */
export function evolveApproval(approval: Approval | undefined, event: ApprovalEvent): Approval | undefined {
  if (approvalProblem(approval, event) !== undefined) return approval;
  if (event.type === "requested") {
    const { id, by, at, expiresAt, digest } = event;
    return { id, requestedBy: by, requestedAt: at, expiresAt, digest, status: "waiting" };
  }
  if (approval === undefined) return undefined;
  if (event.type === "executed")
    return { ...approval, status: "executed", execution: { at: event.at, outcome: event.outcome } };
  const { by, at } = event;
  const reason = event.type === "withdrawn" ? "" : event.reason;
  return { ...approval, status: event.type, decision: { by, at, reason } };
}
