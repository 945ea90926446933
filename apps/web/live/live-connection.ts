import type { Freshness, FreshnessPart, LiveChange, ShownStatus } from "@downbeat/api/views";
import { tellServerTime } from "../lib/clock.ts";

export interface LiveState {
  /** `paused`: this tab is hidden and follows nothing. */
  readonly connection: "connecting" | "open" | "reconnecting" | "paused";
  readonly freshness?: Freshness;
  readonly parts?: readonly FreshnessPart[];
  readonly counts?: Readonly<Record<ShownStatus, number>>;
  readonly attention?: number;
  readonly attentionSetAside?: number;
  /** Another one whenever something that people share has changed. */
  readonly saved?: number;
}

export interface FollowedRun {
  readonly runId: string;
  readonly afterSeq: number;
}

export interface LiveConnection {
  readonly state: () => LiveState;
  readonly onState: (listener: () => void) => () => void;
  readonly onChange: (listener: (change: LiveChange) => void) => () => void;
  /** The connection is back after a gap too long to be made up for by pushes: what was missed has to be asked for. */
  readonly onGap: (listener: () => void) => () => void;
  /** Has the events of one run pushed too, from the one after `afterSeq`. */
  readonly follow: (runId: string, afterSeq: number) => () => void;
  readonly open: () => void;
  readonly pause: () => void;
}

/** Where changes come from: the server's event stream, or the tab that has it. */
export interface LiveSource {
  /** Told again whenever it is another run, or none. */
  readonly follow: (run: FollowedRun | undefined) => void;
  readonly close: () => void;
}

export interface LiveListener {
  readonly onOpen: () => void;
  readonly onLost: () => void;
  readonly onChange: (id: string, change: LiveChange) => void;
  /** Something may have been missed. */
  readonly onGap: () => void;
}

export interface LiveRequest {
  readonly follow: FollowedRun | undefined;
  /** Of the last change that this tab was told. */
  readonly lastEventId: string | undefined;
}

/** What the pages of this tab know live. */
export function createLiveConnection(
  connect: (request: LiveRequest, listener: LiveListener) => LiveSource,
): LiveConnection {
  let state: LiveState = { connection: "connecting" };
  let followed: FollowedRun | undefined;
  let source: LiveSource | undefined;
  let lastEventId: string | undefined;
  let hadGap = false;
  const stateListeners = new Set<() => void>();
  const changeListeners = new Set<(change: LiveChange) => void>();
  const gapListeners = new Set<() => void>();

  function become(next: LiveState): void {
    state = next;
    for (const listener of stateListeners) listener();
  }

  function tellGap(): void {
    for (const listener of gapListeners) listener();
  }

  const listener: LiveListener = {
    onOpen() {
      if (state.connection !== "open") become({ ...state, connection: "open" });
      if (!hadGap) return;
      hadGap = false;
      tellGap();
    },
    onLost() {
      if (state.connection !== "open") return;
      hadGap = true;
      become({ ...state, connection: "reconnecting" });
    },
    onChange(id, change) {
      lastEventId = id;
      tellServerTime(change.now);
      const { freshness, parts, counts, attention, attentionSetAside, saved } = change;
      become({ connection: "open", freshness, parts, counts, attention, attentionSetAside, saved });
      if (change.refresh === true) tellGap();
      for (const each of changeListeners) each(change);
    },
    onGap: tellGap,
  };

  return {
    state: () => state,
    onState: (listener) => listen(stateListeners, listener),
    onChange: (listener) => listen(changeListeners, listener),
    onGap: (listener) => listen(gapListeners, listener),
    open() {
      if (source !== undefined) return;
      if (state.connection === "paused") become({ ...state, connection: "reconnecting" });
      source = connect({ follow: followed, lastEventId }, listener);
    },
    pause() {
      source?.close();
      source = undefined;
      // Told nothing yet, it has no place to go on from.
      if (lastEventId === undefined) hadGap = true;
      become({ ...state, connection: "paused" });
    },
    follow(runId, afterSeq) {
      const mine = { runId, afterSeq };
      followed = mine;
      source?.follow(mine);
      return () => {
        if (followed !== mine) return;
        followed = undefined;
        source?.follow(undefined);
      };
    },
  };
}

function listen<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
