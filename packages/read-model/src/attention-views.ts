import type { Failure, Labels } from "@downbeat/domain";
import type { Freshness } from "./answer-views.ts";
import type { JobRow } from "./timeline-views.ts";

/**
 * Stopped: a job out of attempts, code that can't decide, a history that is damaged. Waiting for what nobody does: a job without a worker, code without a
 * worker that hosts it, either in a backlog that is too old. `held`: a bulk action that holds until a person has looked at it. `undecided` is a group without items: its `count` is of commands that no engine decides.
 */
export type AttentionKind =
  | "job"
  | "code"
  | "history"
  | "noWorker"
  | "noHost"
  | "backlog"
  | "held"
  | "undecided";

/** Something that needs a person. */
export interface AttentionItem {
  readonly kind: AttentionKind;
  readonly runId: string;
  readonly workflow: string;
  readonly labels: Labels;
  readonly since: number;
  readonly failure: Failure;
  /** Equal for failures of one cause: job type, error name and message without its numbers and ids. */
  readonly fingerprint: string;
  /** Where it is one that has stopped or waits. */
  readonly job?: JobRow;
}

/**
 * Of a cause. `muted`: nobody need be told of it before a moment. `resolved`: what it had stopped is dealt with, and nothing came after. `cameBack`: it was, and
 * something did.
 */
export type CauseStanding = "open" | "muted" | "resolved" | "cameBack";

/** What people have said of a cause: shared by all, kept in the log. */
export interface CauseMark {
  readonly fingerprint: string;
  /** Another one each time that somebody says something. */
  readonly version: number;
  /** Who said it last. */
  readonly by: string;
  readonly at: number;
  /** What the cause is, for when nothing is left that would tell. */
  readonly about: { readonly title: string; readonly message: string };
  /** ms since the epoch */
  readonly mutedUntil?: number;
  readonly note?: string;
  /** An address, `https://…` or `http://…`. */
  readonly ticket?: string;
  /** What it had stopped up to this time is dealt with, ms since the epoch. */
  readonly resolvedAt?: number;
}

/** How many were new in each of some buckets of one length, one after the other. */
export interface Trend {
  /** Beginning of the first, ms since the epoch. */
  readonly from: number;
  readonly bucketMs: number;
  readonly counts: readonly number[];
}

/** What falls under one cause has in common. */
export interface CauseScope {
  /** How many of its runs were looked at, the ones that were stopped last: all, or `mostRuns` of the `runs`. */
  readonly lookedAt: number;
  readonly runs: number;
  /** By the build of the code that had answered last; absent where that has no name, or the code is in the engine. Most runs first. */
  readonly workflows: readonly {
    readonly workflow: string;
    readonly build?: string;
    readonly runs: number;
  }[];
  /** Those first that say most: whose values many of the runs share. */
  readonly labels: readonly {
    readonly key: string;
    readonly values: number;
    /** The most frequent ones. */
    readonly top: readonly { readonly value: string; readonly runs: number }[];
  }[];
}

/** One definition of each, wherever it is shown. */
export interface AttentionTotals {
  /** Items: jobs, and runs that have stopped or wait as a whole. */
  readonly total: number;
  /** Runs that have any. */
  readonly runs: number;
  /** Of these, the stuck ones, and those that only wait. */
  readonly stuckRuns: number;
  readonly waitingRuns: number;
  /** `groups` has of what has stopped the 200 greatest, and those of which people have said something. */
  readonly causes: number;
  /** Of all these, what nobody need be told of now: causes that are muted or resolved, with their items, and the runs that fall under nothing else. */
  readonly setAside: { readonly causes: number; readonly total: number; readonly runs: number };
}

export interface AttentionList extends AttentionTotals {
  readonly items: readonly AttentionItem[];
  readonly groups: readonly {
    readonly fingerprint: string;
    readonly kind: AttentionKind;
    readonly jobType?: string;
    /** Where its code is waited for. */
    readonly workflow?: string;
    /** The bulk action that is held. */
    readonly heldRunId?: string;
    readonly errorName: string;
    readonly message: string;
    /** Items, and the runs that they are of. */
    readonly count: number;
    readonly runs: number;
    /** Of the items that there are, since when the oldest is one. */
    readonly oldest: number;
    /** When it first stopped something, as far as is known, and when last: of what only waits, of the items that there are. */
    readonly firstSeen: number;
    readonly lastSeen: number;
    /** How many came to be stopped by it lately, whether or not they still are; of what only waits, of the items that there are. */
    readonly trend?: Trend;
    readonly standing: CauseStanding;
    /** Where people have said something of it. */
    readonly mark?: CauseMark;
  }[];
  /** What people have said of causes could not be read: nothing is set aside. */
  readonly marksUnread?: boolean;
  readonly cursor?: string;
  readonly freshness: Freshness;
}

export interface OpenRunCounts {
  readonly running: number;
  readonly waiting: number;
  readonly stuck: number;
  /** Of the stuck ones, those of which nobody need be told: every cause that stops them is muted or resolved. Absent: none. */
  readonly setAside?: number;
}
