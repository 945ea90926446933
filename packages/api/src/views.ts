import type {
  AttentionItem,
  AttentionList,
  CauseMark,
  CauseStanding,
  EventView,
  Freshness,
  RunSummary,
  ShownStatus,
} from "@downbeat/read-model/views";
import type { SecondPersonView } from "./approvals/approval-views.ts";
import type { AuditAnswer } from "./audit/audit.ts";
import type { ListChanges } from "./changes/told-lists.ts";
import type { Permission, Role } from "./permissions/policy.ts";

/** The contract with whoever asks: what the read model answers with, and what the API adds to it. */
export type * from "@downbeat/read-model/views";
export type * from "./account/account-views.ts";
export type * from "./alerts/alert-views.ts";
export type * from "./analytics/query-views.ts";
export type * from "./announcements/announced-views.ts";
export type * from "./approvals/approval-views.ts";
export type * from "./boards/board-views.ts";
export type * from "./bulk/bulk-views.ts";
export type * from "./case/case-views.ts";
export type * from "./goals/goal-views.ts";
export type * from "./masking/masked-views.ts";
export type { Permission, Role } from "./permissions/policy.ts";
export type * from "./quarantine/quarantine-views.ts";
export type * from "./saved-inputs/saved-input-views.ts";
export type * from "./saved-views/saved-view-views.ts";
export type { DeleteAnswer } from "./shared/change-answers.ts";
export type * from "./system/system-views.ts";
export type * from "./tokens/token-views.ts";

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
  readonly part: "log" | "decisions" | "readModel" | "pulsarSql" | "audit" | "signatures" | "workers";
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

export interface Me {
  readonly actor: string;
  readonly role: Role;
  /** What the role allows, each with why where it doesn't. */
  readonly permissions: readonly { readonly permission: Permission; readonly refusal?: string }[];
  /** Absent where nobody signs in, and everybody has the same name. */
  readonly signedIn?: SignedIn;
  /** What nobody may do alone; absent: nothing is. */
  readonly secondPerson?: SecondPersonView;
}

/** How somebody came to be known. */
export interface SignedIn {
  /** What people call them. */
  readonly name: string;
  readonly id: string;
  readonly by: "account" | "provider" | "token";
  /** Of a token that is somebody's: their id. */
  readonly person?: string;
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

export type { AlertCondition, AlertFilter, AlertKind, AuditEntry, AuditOutcome } from "@downbeat/protocol";
export type { AlertChannelKind, AlertChannelView } from "./alerts/channels.ts";

export interface AuditList extends Omit<AuditAnswer, "next"> {
  /** Where the next page begins. A page that is short of its limit, or empty, may have one: a search looks through so many at once. */
  readonly cursor?: string;
}
