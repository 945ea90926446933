import type { AlertCondition } from "@downbeat/protocol";
import type { AlertChannelView } from "./channels.ts";

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
