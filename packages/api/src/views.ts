import type { EventView, Freshness, RunSummary, ShownStatus } from "@downbeat/history/views";

/** The contract with whoever asks: what the read model answers with, and what the API adds to it. */
export type * from "@downbeat/history/views";

/** Pushed at most ten times a second. Carries what changed, so a page need not ask again. */
export interface LiveChange {
  /** Too much has happened since the `lastEventId` that was given: ask for everything again. */
  readonly refresh?: boolean;
  /** Runs that changed since the last push, newest state, at most 200; `more` says that others did too. */
  readonly runs: readonly RunSummary[];
  readonly more: boolean;
  /** New events of the followed run. */
  readonly events: readonly EventView[];
  readonly counts: Readonly<Record<ShownStatus, number>>;
  readonly attention: number;
  readonly freshness: Freshness;
}

export interface Me {
  readonly actor: string;
  /** Where the identity comes from: a configured one until there is sign-in. */
  readonly source: "configured";
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
