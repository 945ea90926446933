import type { AnalyticsAbout } from "@downbeat/analytics";
import type { ColdErrorCode, ColdProgress, ResultTable } from "@downbeat/cold-history";
import type { Labels } from "@downbeat/domain";
import type { AlertCondition, GoalDefinition, viewedLists } from "@downbeat/protocol";
import type {
  ActionOutcome,
  ActionVerb,
  AttentionItem,
  AttentionList,
  CauseMark,
  CauseStanding,
  EventView,
  Freshness,
  GoalEnds,
  QuarantineList,
  RunFilter,
  RunSummary,
  RunView,
  ShownStatus,
} from "@downbeat/read-model/views";
import type { AlertChannelView } from "./alerts/channels.ts";
import type { AuditAnswer } from "./audit/audit.ts";
import type { ListChanges } from "./changes/told-lists.ts";
import type { ErrorBudget, GoodAndBad } from "./goals/error-budget.ts";
import type { Permission, Role } from "./permissions/policy.ts";

/** The contract with whoever asks: what the read model answers with, and what the API adds to it. */
export type * from "@downbeat/read-model/views";
export type { Permission, Role } from "./permissions/policy.ts";
export type * from "./system/system-views.ts";

/** Pushed at most ten times a second. Carries what changed, so a page need not ask again. */
export interface LiveChange {
  /** Too much has happened since the `lastEventId` that was given: ask for everything again. */
  readonly refresh?: boolean;
  /** Runs that changed since the last push, newest state, at most 200; `more` says that others did too. */
  readonly runs: readonly RunSummary[];
  readonly more: boolean;
  /** New events of the followed runs. */
  readonly followed: readonly FollowedEvents[];
  /** Of each part that what is shown depends on, how it is. */
  readonly parts: readonly FreshnessPart[];
  /** The server's time, ms since the epoch: a browser's own clock may be off. */
  readonly now: number;
  readonly counts: Readonly<Record<ShownStatus, number>>;
  /** Another number whenever what people saved for all has changed. */
  readonly saved: number;
  /** Runs that need a person, as `attention.list` counts them in `runs`. */
  readonly attention: number;
  /** Of these, the ones of which nobody need be told now, as it counts them in `setAside`. */
  readonly attentionSetAside: number;
  readonly freshness: Freshness;
}

/** The first page of what needs people, as it differs from the version that is known. */
export interface AttentionChanges
  extends ListChanges<AttentionItem, AttentionList["groups"][number]>,
    Omit<AttentionList, "items" | "groups" | "cursor"> {}

/** Something that what is shown depends on. */
export interface FreshnessPart {
  readonly part: "log" | "decisions" | "readModel" | "pulsarSql" | "audit" | "workers";
  /** It does what it should, as far as anybody knows. */
  readonly isLive: boolean;
  /** How it is; a whole sentence when it is not live. */
  readonly words: string;
}

/** Keys of labels, or values of one, as they are written. */
export interface LabelSuggestions {
  readonly texts: readonly string[];
}

export interface FollowedEvents {
  readonly runId: string;
  readonly events: readonly EventView[];
}

/** A run is shown as it is. */
export interface Reveal {
  readonly runId: string;
  /** ms since the epoch */
  readonly until: number;
}

/** A run, and what is masked of it. */
export interface ShownRunView extends RunView {
  /** Absent: nothing is. `until`: so long it is shown, ms since the epoch. */
  readonly masked?: { readonly until?: number };
}

export interface Me {
  readonly actor: string;
  readonly role: Role;
  /** What the role allows, each with why where it doesn't. */
  readonly permissions: readonly { readonly permission: Permission; readonly refusal?: string }[];
  /** Absent where nobody signs in, and everybody has the same name. */
  readonly signedIn?: SignedIn;
}

/** How somebody came to be known. */
export interface SignedIn {
  /** What people call them. */
  readonly name: string;
  readonly id: string;
  readonly by: "account" | "provider" | "token";
}

/** A tenant and namespace that the server answers for. */
export interface NamespaceView {
  readonly tenant: string;
  readonly namespace: string;
}

export interface NamespaceList {
  /** The first is the default. */
  readonly namespaces: readonly NamespaceView[];
}

export type { AnalyticsAbout } from "@downbeat/analytics";
export type { ColdTable, ResultSchema, ResultTable, ResultValue } from "@downbeat/cold-history";

/** Where people's own SQL can be asked; the first is the default. */
export interface QuerySourceList {
  readonly sources: readonly AnalyticsAbout[];
  /** So many rows at most come back. */
  readonly mostRows: number;
}

/** What a running query says: progress a few times a second, and at the end one of the others. */
export type QueryUpdate =
  | { readonly type: "progress"; readonly progress: ColdProgress }
  | { readonly type: "answer"; readonly answer: QueryAnswer }
  | {
      readonly type: "refused";
      /** `running`: the person has another one running, since `since`. */
      readonly code: ColdErrorCode | "running";
      readonly message: string;
      /** Where in the text, from 1. */
      readonly line?: number;
      readonly column?: number;
      readonly since?: number;
    };

export interface QueryAnswer extends ResultTable {
  /** For people, e.g. `Pulsar SQL`. */
  readonly source: string;
  readonly dialect: AnalyticsAbout["dialect"];
  readonly tookMs: number;
  readonly read: { readonly rows: number; readonly bytes: number };
  /** What the log took up to this time is in the answer, ms since the epoch. */
  readonly completeTo: number;
  /** `false`: something older than `completeTo` is missing; `note` says what. */
  readonly isComplete: boolean;
  readonly note?: string;
}

/** What somebody did about an entry of the quarantine last. The entry stays where it is. */
export type QuarantineMark = {
  /** Another one each time that somebody does something. */
  readonly version: number;
  readonly reason: string;
  readonly by: string;
  readonly at: number;
} & (
  | { readonly did: "dropped" }
  | {
      readonly did: "sentAgain";
      readonly sent: {
        /** Its type. */
        readonly command: string;
        readonly runId: string;
        readonly actionId: string;
        /** It was not sent as it had come. */
        readonly edited: boolean;
        /** What came of it; absent: history does not know of it so far. */
        readonly outcome?: ActionOutcome;
      };
    }
);

/** What was done about an entry, and what may be. */
export interface QuarantineRemedies {
  /** Names the entry. */
  readonly entry: string;
  readonly mark?: QuarantineMark;
  /** Why it can't be sent again; absent: it can. */
  readonly sendAgainRefusal?: string;
  readonly dropRefusal?: string;
}

/** What the read model has of the quarantine, with what was done about it. */
export interface QuarantineEntries extends Omit<QuarantineList, "messages" | "refused" | "leftOut"> {
  readonly messages: readonly (QuarantineList["messages"][number] & QuarantineRemedies)[];
  readonly refused: readonly (QuarantineList["refused"][number] & QuarantineRemedies)[];
  readonly leftOut: readonly (QuarantineList["leftOut"][number] & QuarantineRemedies)[];
  /** So many of the messages and refused commands were dropped, or sent again and neither refused nor lost, on all pages together. */
  readonly cleared: number;
  /** What was done about entries could not be read: none is marked. */
  readonly marksUnread?: boolean;
}

/** Of a command as it would be sent; `problem`: it can't be, or it will be refused, with why. */
export interface ResendPreview {
  readonly command?: string;
  /** Of a start: absent where it gets one. */
  readonly runId?: string;
  readonly problem?: string;
}

/** `conflict`: somebody else was quicker, and this is what they did. */
export interface ClearQuarantineAnswer {
  readonly outcome: "done" | "conflict";
  readonly mark: QuarantineMark;
}

/** How somebody looks at a list. */
export interface SavedView {
  readonly id: string;
  readonly name: string;
  readonly list: (typeof viewedLists)[number];
  /** Filter and order, as the list's address has them after its `?`. */
  readonly query: string;
  /** In this order; absent: as the list has them by itself. */
  readonly columns?: readonly { readonly id: string; readonly width?: number }[];
  /** Whose it is alone; absent: everybody's. */
  readonly owner?: string;
  readonly savedBy: string;
  readonly savedAt: number;
  /** Another one each time that it is saved. */
  readonly version: number;
}

export interface SavedViewList {
  /** Everybody's, and one's own; by name. */
  readonly views: readonly SavedView[];
}

/** Somebody else was quicker: nothing is changed, and this is what is there now. */
export type SaveViewAnswer =
  | { readonly outcome: "saved"; readonly view: SavedView }
  | {
      readonly outcome: "conflict";
      readonly current:
        | { readonly view: SavedView }
        | { readonly deletedBy: string; readonly deletedAt: number };
    };

export type DeleteViewAnswer =
  | {
      readonly outcome: "deleted";
      /** Nothing had to be deleted. */
      readonly wasGone?: true;
    }
  | { readonly outcome: "conflict"; readonly current: SavedView };

/** What people want to be reached. */
export interface GoalView {
  readonly id: string;
  readonly goal: GoalDefinition;
  /** The same in a sentence. */
  readonly words: string;
  readonly savedBy: string;
  readonly savedAt: number;
  /** Another one each time that it is saved. */
  readonly version: number;
}

export interface GoalList {
  /** By name. */
  readonly goals: readonly GoalView[];
}

/** Somebody else was quicker: nothing is changed, and this is what is there now. */
export type SaveGoalAnswer =
  | { readonly outcome: "saved"; readonly goal: GoalView }
  | {
      readonly outcome: "conflict";
      readonly current:
        | { readonly goal: GoalView }
        | { readonly deletedBy: string; readonly deletedAt: number };
    };

export type DeleteGoalAnswer =
  | {
      readonly outcome: "deleted";
      /** Nothing had to be deleted. */
      readonly wasGone?: true;
    }
  | { readonly outcome: "conflict"; readonly current: GoalView };

/** How a goal stands: of runs that ended from `from` on and before `to`, ms since the epoch. */
export interface GoalFigures extends GoodAndBad {
  readonly from: number;
  readonly to: number;
  readonly ends: GoalEnds;
  /** The share of good ones, in per cent: never rounded up to the goal. */
  readonly attained: string;
  /** `unknown`: no run has counted. */
  readonly standing: "reached" | "missed" | "unknown";
  readonly sentence: string;
  readonly budget: ErrorBudget;
  /** The end of the window by itself, and how fast it spends the budget: 1 is as fast as it may be for ever. */
  readonly recent: GoodAndBad & {
    readonly from: number;
    readonly burnRate?: number;
    readonly burnWords: string;
  };
  /** What `runs.list` has for each of the figures: exactly as many. */
  readonly opens: Readonly<Record<"counted" | "bad" | "failed" | "cancelled", RunFilter>> & {
    readonly late?: RunFilter;
  };
  /** Runs that ended before are not all counted, ms since the epoch: history begins there, or retention has removed them. */
  readonly wholeSince?: number;
  readonly freshness: Freshness;
}

/** A list that is written as a file: `text` of all updates, one after the other, is the file. */
export type ExportUpdate =
  | {
      readonly type: "begin";
      readonly fileName: string;
      readonly mediaType: string;
      /** Rows that there are, as far as is known. */
      readonly count?: number;
      readonly countIsLowerBound?: boolean;
      readonly text: string;
    }
  | {
      readonly type: "rows";
      /** Written so far. */
      readonly rows: number;
      /** Everything down to this time was looked at, ms since the epoch. */
      readonly searchedTo?: number;
      readonly text: string;
    }
  | {
      readonly type: "end";
      readonly rows: number;
      /** Why it is not whole; the file says it too. */
      readonly cut?: string;
      readonly text: string;
    };

/** A worker that is there. */
export interface WorkerView {
  /** Of this start of it. */
  readonly id: string;
  /** Several may have the same. */
  readonly name: string;
  readonly host: string;
  /** What its code is called; empty where it has no name. */
  readonly build: string;
  readonly sdk: string;
  readonly startedAt: number;
  /** When it last said that it lives, by the log's time. */
  readonly heardAt: number;
  /** `inHand`: attempts that it was at when it was heard, of `concurrency` at most; absent where its SDK doesn't say. */
  readonly jobs: readonly { readonly type: string; readonly concurrency: number; readonly inHand?: number }[];
  /** Names of the workflows whose code it hosts. */
  readonly workflows: readonly string[];
}

export interface WorkerList {
  /** By name. */
  readonly workers: readonly WorkerView[];
}

/** JSON Schema. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What the schemas don't say, and only workers check: of the input, the output or a signal. */
export interface LeftOutView {
  readonly of: string;
  /** `partly`: at these places the code checks more than JSON Schema can say. */
  readonly why: "tooLarge" | "notJson" | "partly";
  readonly places?: readonly string[] | undefined;
}

interface DefinitionView {
  /** Of the worker that announced it last. */
  readonly build: string;
  readonly announcedAt: number;
  readonly input?: JsonSchema | undefined;
  readonly output?: JsonSchema | undefined;
  readonly leftOut?: readonly LeftOutView[] | undefined;
  /** How many workers that have it are there. */
  readonly workers: number;
}

/** A workflow that a worker has announced, whether or not one is there now. */
export interface KnownWorkflowView extends DefinitionView {
  readonly workflow: string;
  /** What comes with signals, by their names. */
  readonly signals?: Readonly<Record<string, JsonSchema>> | undefined;
}

/** The same of a kind of jobs. */
export interface KnownJobTypeView extends DefinitionView {
  readonly jobType: string;
}

export interface KnownWorkflowList {
  /** By name. */
  readonly workflows: readonly KnownWorkflowView[];
  readonly jobTypes: readonly KnownJobTypeView[];
}

export interface SavedQuery {
  readonly id: string;
  readonly name: string;
  /** Id of the source that it is written for. */
  readonly source: string;
  readonly sql: string;
  readonly savedBy: string;
  readonly savedAt: number;
  /** Another one each time that it is saved. */
  readonly version: number;
}

/** Somebody else was quicker: nothing is changed, and this is what is there now. */
export type SaveQueryAnswer =
  | { readonly outcome: "saved"; readonly query: SavedQuery }
  | {
      readonly outcome: "conflict";
      readonly current:
        | { readonly query: SavedQuery }
        | { readonly deletedBy: string; readonly deletedAt: number };
    };

export type DeleteQueryAnswer =
  | {
      readonly outcome: "deleted";
      /** Nothing had to be deleted. */
      readonly wasGone?: true;
    }
  | { readonly outcome: "conflict"; readonly current: SavedQuery };

/** Somebody else was quicker: nothing is changed, and this is what is there now. */
export interface MarkCauseAnswer {
  readonly outcome: "marked" | "conflict";
  readonly mark: CauseMark;
}

export interface MarkedCause {
  readonly mark: CauseMark;
  readonly standing: CauseStanding;
  /** When it last stopped something, as far as is known, ms since the epoch. */
  readonly lastSeen?: number;
}

export interface MarkedCauseList {
  /** Of which people have said something, whether or not anything falls under them now; what was said last comes first. */
  readonly causes: readonly MarkedCause[];
}

export interface SavedQueryList {
  /** By name. */
  readonly queries: readonly SavedQuery[];
}

/** What is done to what time alone would do. */
export type TimerVerb = "postponeRetry" | "timeOutJob" | "fireTimer" | "postponeTimer" | "liftTimeout";

/** What is done to many targets at once. */
export type BulkVerb = Exclude<ActionVerb, "startRun" | "runJobNow" | TimerVerb> | "runAgain";

/**
 * What came of one target. `waiting`: not acted on so far. `done`: it happened, and nothing more is to come of it. Of a retry: `recovered`, `failedAgain`, or
 * `underWay` with a worker; `notPickedUp` while no engine has decided or no worker has begun. `lost`: taken out of the inbox before an engine read it.
 */
export type BulkOutcome =
  | "waiting"
  | "recovered"
  | "done"
  | "failedAgain"
  | "refused"
  | "underWay"
  | "notPickedUp"
  | "lost";

/**
 * `held`: by itself, `why` says for what; it goes on when it is resumed `anyway`. `looking`: all is sent, and outcomes are waited for. `done` and `stopped` are its ends;
 * `ended`: the run was ended in another way.
 */
export type BulkState =
  | "listing"
  | "scheduled"
  | "canary"
  | "sending"
  | "paused"
  | "held"
  | "looking"
  | "done"
  | "stopped"
  | "ended";

export interface BulkView {
  /** Of its run, too. */
  readonly bulkId: string;
  readonly verb: BulkVerb;
  /** What is acted on, in words. */
  readonly about: string;
  readonly reason: string;
  readonly startedBy: string;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly state: BulkState;
  /** Why it holds, or does not go on, in a sentence. */
  readonly why?: string;
  /** Absent until the targets are listed. */
  readonly targets?: number;
  /** So many have been acted on. */
  readonly sent: number;
  /** Of those that were acted on, how many came to what; absent where none did. */
  readonly outcomes: Readonly<Partial<Record<BulkOutcome, number>>>;
  readonly canary?: { readonly size: number; readonly mostFailed: number };
  readonly perMinute?: number;
  /** Not before, ms since the epoch. */
  readonly startAt?: number;
}

export interface BulkList {
  /** Newest first. */
  readonly bulks: readonly BulkView[];
  readonly cursor?: string;
  readonly count: number;
  readonly freshness: Freshness;
}

export interface BulkPreview {
  /** Exactly so many are meant now. */
  readonly count: number;
  /** Only the first so many were looked at for refusals; absent: all of them. */
  readonly lookedAt?: number;
  /** Of them, those that would refuse, by why. */
  readonly refusals: readonly { readonly why: string; readonly count: number; readonly example: string }[];
  /** The first of those that would not. */
  readonly first: readonly { readonly runId: string; readonly jobId?: string }[];
  /** Given to `bulk.start`: what comes to be meant after this moment is not acted on, ms since the epoch. */
  readonly asOf: number;
  /** Runs that began before this moment are not among them, though the list may show some, ms since the epoch. */
  readonly notBefore?: number;
  /** Why it can't be started as it is, in a sentence. */
  readonly problem?: string;
}

export interface BulkTargetView {
  /** From 0, in the order in which they are acted on. */
  readonly number: number;
  readonly runId: string;
  readonly jobId?: string;
  readonly outcome: BulkOutcome;
  /** What is to be said of it: why it was refused, how it failed. */
  readonly message?: string;
  /** The run that was started, of `runAgain`. */
  readonly startedRunId?: string;
}

export interface BulkTargetList {
  readonly targets: readonly BulkTargetView[];
  /** Number of the first of the next page; absent on the last. */
  readonly next?: number;
  /** That have the outcome that was asked for. */
  readonly count: number;
  readonly freshness: Freshness;
}

export interface CaseLine {
  /** Number of the event that it tells. */
  readonly seq: number;
  readonly at: number;
  /** The same in words of the language. */
  readonly stamp: string;
  readonly text: string;
}

/** A run in plain language. */
export interface CaseView {
  readonly runId: string;
  readonly workflow: string;
  readonly shown: ShownStatus;
  readonly labels: Labels;
  readonly language: "en" | "de";
  readonly audience: "colleague" | "customer";
  readonly title: string;
  readonly summary: string;
  readonly lines: readonly CaseLine[];
  /** What is not told, in sentences. */
  readonly notes: readonly string[];
  /** All of it, to be passed on. */
  readonly text: string;
  readonly freshness: Freshness;
}

export interface CaseMatches {
  /** Called exactly so, newest first; where none is, those that begin so. At most 20 by their labels. */
  readonly runs: readonly RunSummary[];
  readonly isExact: boolean;
  /** There are more keys of labels than are looked at: what is not found may still be called so. */
  readonly keysLeftOut: boolean;
  readonly freshness: Freshness;
}

/** Something that a rule of an alert found wrong, from its beginning to its end. */
export interface AlertIncident {
  readonly ruleId: string;
  /** Of the rule's incidents, from 1. */
  readonly number: number;
  /** Of the rule, when it began. */
  readonly name: string;
  readonly openedAt: number;
  /** What was found. */
  readonly sentence: string;
  /** Absent while it goes on. */
  readonly resolvedAt?: number;
  readonly resolution?: string;
  /** Who was told, and whom nobody could tell. */
  readonly notices: readonly AlertNotice[];
}

export interface AlertNotice {
  readonly of: "opened" | "resolved";
  readonly channel: string;
  readonly outcome: "delivered" | "failed";
  readonly at: number;
  /** Why it failed. */
  readonly problem?: string;
}

export type { AlertCondition, AlertFilter, AlertKind } from "@downbeat/protocol";
export type { AlertChannelKind, AlertChannelView } from "./alerts/channels.ts";

export interface AlertRuleView {
  readonly ruleId: string;
  readonly name: string;
  readonly condition: AlertCondition;
  /** When it tells people, in a sentence. */
  readonly words: string;
  readonly channels: readonly string[];
  /** Of these, the ones that the server that answers does not have. */
  readonly missingChannels: readonly string[];
  readonly silencedUntil?: number;
  readonly version: number;
  readonly by: string;
  readonly at: number;
  /** That goes on now. */
  readonly incident?: AlertIncident;
  /** Why nobody can say whether it holds, where that is so. */
  readonly unknown?: string;
}

export interface AlertList {
  /** Those with an incident first, then by name. */
  readonly rules: readonly AlertRuleView[];
  /** That the server which answers can tell. */
  readonly channels: readonly AlertChannelView[];
  readonly watching: {
    /** `elsewhere`: another server of this namespace looks. `idle`: there are no rules. */
    readonly is: "here" | "elsewhere" | "idle" | "unknown";
    readonly trouble?: string;
    /** When this server last looked, ms since the epoch. */
    readonly lookedAt?: number;
  };
}

/** Somebody else was quicker: nothing is changed, and this is what is there now. */
export type SaveAlertAnswer =
  | { readonly outcome: "saved"; readonly ruleId: string; readonly version: number }
  | { readonly outcome: "conflict"; readonly current?: AlertRuleView };

export interface AlertPreview {
  readonly words: string;
  /** Whether it would tell people now; `unknown`: nobody can say. */
  readonly is: "wrong" | "right" | "unknown";
  readonly sentence: string;
}

export interface AlertIncidentList {
  /** Newest first: those that go on, and up to 1,000 that are over. */
  readonly incidents: readonly AlertIncident[];
  readonly cursor?: string;
  readonly count: number;
}

export type { AuditEntry, AuditOutcome } from "@downbeat/protocol";

export interface AuditList extends Omit<AuditAnswer, "next"> {
  /** Where the next page begins. A page that is short of its limit, or empty, may have one: a search looks through so many at once. */
  readonly cursor?: string;
}
