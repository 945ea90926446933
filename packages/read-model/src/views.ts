import type { Failure, LabelClause, Labels, RejectionCode, RunEvent, RunStatus } from "@downbeat/domain";
import type { Freshness, MissingEvents } from "./answer-views.ts";
import type { DurationRange, RunFacet } from "./break-down-views.ts";
import type { LedgerEntry, TimelineRow } from "./timeline-views.ts";

export type * from "./answer-views.ts";
export type * from "./attention-views.ts";
export type * from "./break-down-views.ts";
export type * from "./open-views.ts";
export type * from "./overview-views.ts";
export type * from "./owed-views.ts";
export type * from "./timeline-views.ts";

/**
 * What the API answers with. Times are ms since the epoch, durations ms, payloads JSON text. Fields are added over time, never
 * changed: `downbeat … --json` prints these objects as they are.
 */

/** What a person sees. Derived: `stuck` and `waiting` are open runs, looked at more closely. */
export type ShownStatus =
  | "running"
  | "waiting"
  | "stuck"
  | "completed"
  | "failed"
  | "cancelled"
  | "terminated";

/** A time that a sentence tells, in UTC or as it was when it was told: whoever shows it can put their own words there. */
export interface TimeInText {
  /** Place of its words in the text, in UTF-16 units; `to` is exclusive. */
  readonly from: number;
  readonly to: number;
  /** ms since the epoch. */
  readonly at: number;
  /** `moment`: when that is. `elapsed`: how long ago it was. */
  readonly says: "moment" | "elapsed";
}

export interface RunSummary {
  readonly runId: string;
  readonly workflow: string;
  readonly status: RunStatus;
  readonly shown: ShownStatus;
  /** Open and asked to end: compensations may still be running. */
  readonly closing?: "failed" | "cancelled";
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly updatedAt: number;
  readonly labels: Labels;
  /** One sentence for an open run: what it waits for, since when; for a failed one: why. */
  readonly why?: string;
  /** Where in `why` times are told. */
  readonly whyTimes?: readonly TimeInText[];
  readonly failure?: Failure;
  /** Its history can't be followed from here on: it is shown as it was at its last good event, and nothing goes on until it is repaired. */
  readonly damaged?: { readonly found: string; readonly since: number; readonly isNewer: boolean };
  /** Number of its last event. */
  readonly seq: number;
  readonly partition: number;
  /** Compensations: what is done and what is still owed. */
  readonly compensations?: { readonly undone: number; readonly owed: number; readonly failed: number };
}

export interface RunList {
  readonly runs: readonly RunSummary[];
  /** For the next page; absent on the last. */
  readonly cursor?: string;
  /**
   * Said where the page is short, or empty, for no more was looked at: everything down to this time was, in the list's order, ms since the epoch. The
   * next page goes on from there.
   */
  readonly searchedTo?: number;
  /** So many runs of this page's stretch could not be searched for the filter's `content`: their events are not kept here any more. */
  readonly unsearched?: number;
  readonly count: number;
  /** `count` stopped counting: there are at least so many. */
  readonly countIsLowerBound: boolean;
  /** Per shown status, under the same filters but the status. */
  readonly countsByStatus: Readonly<Record<ShownStatus, number>>;
  /** Said where runs that ended before the read model begins belong to the list, too. */
  readonly earlier?: EarlierRunsShare;
  readonly freshness: Freshness;
}

export interface EarlierRunsShare {
  /** Where they come from, for people: `Pulsar SQL`. */
  readonly source: string;
  /** They ended before, ms since the epoch. They come after all runs since, on pages of their own. */
  readonly before: number;
  /** The counts speak of them, too. */
  readonly isCounted: boolean;
  /** Of them alone, under the same filters but the status; when they are counted. */
  readonly countsByStatus?: Readonly<Record<ShownStatus, number>>;
  /** The next page is the first that has any, and takes a while. */
  readonly isNext?: boolean;
  /** Why they can't be had now, in one sentence. The cursor tries again. */
  readonly trouble?: string;
}

/** How runs ended. */
export interface GoalEnds {
  readonly completedInTime: number;
  readonly completedLate: number;
  readonly failed: number;
  /** Or terminated. */
  readonly cancelled: number;
}

/** What `runs.list` is asked for; all parts together must hold. */
export interface RunFilter {
  readonly status?: readonly ShownStatus[];
  readonly workflow?: string;
  /** All of these values; case is ignored. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Of each of these conditions on labels one has to hold, too. */
  readonly where?: readonly LabelClause[];
  /** Beginning of a run id, of a workflow's name, of a label's value, or of a word in an id or a value; case is ignored. Where what labels say may be masked, only all of a value finds its run. */
  readonly text?: string;
  /** Occurs in an input, an output, what a signal carried or an error of the run; case is ignored. Goes with `from`: without it, everything would be looked through. */
  readonly content?: string;
  /** From this time, ms. */
  readonly from?: number;
  /** Until just before this time, ms. */
  readonly to?: number;
  /** Which time `from` and `to` speak of and the list is sorted by, newest first. Default `started`. */
  readonly by?: "started" | "ended";
  /** All of these have to hold. What ended before the read model begins is not asked. */
  readonly facets?: readonly RunFacet[];
  /** Of runs that are over. */
  readonly took?: DurationRange;
  /** Runs that are over and did not complete within so many ms: in another way, or later. What ended before the read model begins is not asked. */
  readonly missed?: number;
}

export interface RunView extends RunSummary {
  readonly input: string;
  /** As a start with the same id and another input is told of: of the text as it was sent, encrypted or not. Absent where it is masked, or not known. */
  readonly inputDigest?: string;
  readonly output?: string;
  readonly startedBy?: string;
  readonly eventCount: number;
  readonly rows: readonly TimelineRow[];
  /** Rows are those changed after `sinceSeq`, when it was given. */
  readonly sinceSeq?: number;
  readonly ledger: readonly LedgerEntry[];
  readonly actions: readonly ActionView[];
  /** The waits for a signal that are open: what may be sent. */
  readonly awaitedSignals: readonly {
    readonly waitId: string;
    readonly name: string;
    readonly since: number;
    readonly until?: number;
  }[];
  /** The run's first events could not be found: rows, ledger, input and output are then those of the rest. */
  readonly missing?: MissingEvents;
  readonly freshness: Freshness;
}

/** How long something takes that completed so often, ms. */
export interface UsualFigures {
  readonly completed: number;
  readonly p50: number;
  readonly p95: number;
}

/** What a run, and each of its jobs, is held against: what completed of its workflow from `from` to `to`, ms since the epoch. */
export interface UsualDurations {
  readonly workflow: string;
  readonly from: number;
  readonly to: number;
  /** Absent when none completed. */
  readonly run?: UsualFigures;
  /** From the request of the attempt that completed a job to that end. */
  readonly jobTypes: readonly ({ readonly jobType: string } & UsualFigures)[];
  readonly freshness: Freshness;
}

/** What was known of a run once an event had happened. */
export interface RunState {
  readonly shown: ShownStatus;
  readonly closing?: "failed" | "cancelled";
  readonly why?: string;
  readonly whyTimes?: readonly TimeInText[];
  readonly labels: Labels;
  readonly output?: string;
  readonly failure?: Failure;
  /** Rows that the event changed, and those that were open: by their ids, at most 200 of all, and fewer where they carry much. */
  readonly rows: Readonly<Record<string, TimelineRow>>;
  readonly open: number;
  readonly ended: number;
  /** At most 200, those that the event changed among them. */
  readonly ledger: readonly LedgerEntry[];
}

/** A run as it was after an event, and before it. */
export interface RunStateView {
  /** Number of the run's last event. */
  readonly total: number;
  readonly event: EventView;
  /** Absent at the first event. */
  readonly before?: RunState;
  readonly after: RunState;
  /** So many more rows the event changed, which neither of the two tells of. */
  readonly moreChanged?: number;
  readonly freshness: Freshness;
}

export interface EventView {
  readonly seq: number;
  readonly at: number;
  /** The command that caused it. */
  readonly inputId: string;
  readonly event: RunEvent;
  /** One sentence in plain words. */
  readonly sentence: string;
  /** Where in `sentence` times are told. */
  readonly sentenceTimes?: readonly TimeInText[];
  /** The timeline row it belongs to. */
  readonly rowId?: string;
}

export interface EventPage {
  readonly events: readonly EventView[];
  readonly total: number;
  readonly missing?: MissingEvents;
  readonly freshness: Freshness;
}

export type ActionVerb =
  | "startRun"
  | "cancelRun"
  | "terminateRun"
  | "resumeRun"
  | "repairRun"
  | "sendSignal"
  | "retryJob"
  | "cancelJob"
  | "completeJob"
  | "runJobNow"
  | "postponeRetry"
  | "timeOutJob"
  | "fireTimer"
  | "postponeTimer"
  | "liftTimeout";

/** What a person did and what came of it. */
export interface ActionView {
  readonly actionId: string;
  readonly verb: ActionVerb;
  readonly actor: string;
  readonly reason: string;
  readonly at: number;
  readonly runId: string;
  readonly jobId?: string;
  readonly timerId?: string;
  readonly outcome: ActionOutcome;
}

/**
 * `existed`: a start of what runs or ran already, with this id, workflow and input; nothing was started. `pending`: not in history yet. `lost`: taken out of the inbox before an engine read it. `refused`: with why. `accepted`: happened, nothing more to wait for. For retries: `inProgress` until the job's
 * next end, then `recovered` or `failedAgain`.
 */
export type ActionOutcome =
  | { readonly type: "pending" }
  /** Another person has to approve it first. Never of what history knows. */
  | { readonly type: "requested"; readonly requestId: string; readonly expiresAt: number }
  | { readonly type: "lost" }
  | { readonly type: "refused"; readonly code: RejectionCode; readonly message: string }
  | { readonly type: "accepted" }
  | { readonly type: "existed" }
  | { readonly type: "inProgress" }
  | { readonly type: "recovered"; readonly at: number }
  | { readonly type: "failedAgain"; readonly at: number; readonly failure: Failure };

/** A record of history that should count and can't be used, whole or in part: what it told is missing everywhere. */
export interface LeftOutRecord {
  readonly topic: string;
  /** In the log. */
  readonly position: string;
  /** When the log took it, ms since the epoch. */
  readonly at: number;
  /** A sentence. */
  readonly reason: string;
  /** Whose events it held, as far as that can be read. */
  readonly runIds: readonly string[];
}

/** What nobody could use: messages no one could parse, and commands to runs that don't exist. Each newest first. */
export interface QuarantineList {
  readonly messages: readonly {
    readonly topic: string;
    readonly position: string;
    readonly reason: string;
    readonly text: string;
    readonly at: number;
  }[];
  readonly refused: readonly {
    readonly runId: string;
    readonly inputId: string;
    readonly command: string;
    readonly code: RejectionCode;
    readonly message: string;
    readonly at: number;
  }[];
  readonly leftOut: readonly LeftOutRecord[];
  /** How many there are of each, on all pages together. */
  readonly counts: { readonly messages: number; readonly refused: number; readonly leftOut: number };
  /** For the next page, which goes on with all three; absent on the last. */
  readonly cursor?: string;
  readonly freshness: Freshness;
}
