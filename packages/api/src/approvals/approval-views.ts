import type { ApprovalStatus, ApprovedOutcome, SecondPersonRule } from "@downbeat/domain";
import type { BulkVerb, BulkView } from "../bulk/bulk-views.ts";

/** Something that somebody asked for, and another person has to agree to. */
export interface ApprovalView {
  readonly id: string;
  /** Of all that would be done: who approves says which they looked at. */
  readonly digest: string;
  readonly verb: BulkVerb;
  /** Absent of a bulk action. */
  readonly runId?: string;
  readonly workflow?: string;
  readonly jobId?: string;
  /** Of a bulk action: its run, once it is approved. */
  readonly bulkId?: string;
  /** Of a bulk action, so many, fixed when it was asked for. */
  readonly targets?: number;
  /** Of a bulk action, what it acts on, in words. */
  readonly about?: string;
  /** What jobs are completed with. */
  readonly output?: string;
  /** What each run is sent. */
  readonly signal?: { readonly name: string; readonly payload: string };
  /** Of a bulk action: so many first, and the others if no more failed than may. */
  readonly canary?: NonNullable<BulkView["canary"]>;
  readonly perMinute?: number;
  /** Not before, ms since the epoch. */
  readonly startAt?: number;
  readonly reason: string;
  readonly requestedBy: string;
  readonly requestedAt: number;
  readonly expiresAt: number;
  readonly status: ApprovalStatus;
  /** Who approved, rejected or withdrew it. */
  readonly decision?: { readonly by: string; readonly at: number; readonly reason: string };
  readonly execution?: { readonly at: number; readonly outcome: ApprovedOutcome };
  /** Whoever asks asked for it, and may withdraw it. */
  readonly isOwn: boolean;
  /** Why whoever asks can't approve or reject it, in a sentence; absent: they can. */
  readonly refusal?: string;
}

export interface ApprovalList {
  /** Those that wait first, then newest first. */
  readonly requests: readonly ApprovalView[];
  /** So many wait for somebody. */
  readonly waiting: number;
  /** Of these, so many wait for whoever asks. */
  readonly waitingForYou: number;
  /** Older ones that are not shown. */
  readonly more: number;
}

export interface ApprovalTargets {
  /** Run, and where a job is acted on, which. */
  readonly targets: readonly { readonly runId: string; readonly jobId?: string }[];
  readonly cursor?: number;
}

/** `conflict`: somebody else had said something by then, and nothing is changed. */
export interface DecideApprovalAnswer {
  readonly outcome: "approved" | "rejected" | "withdrawn" | "conflict";
  readonly request: ApprovalView;
}

/** What needs a second person in this namespace. */
export type SecondPersonView = SecondPersonRule;
