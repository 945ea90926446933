import type { Freshness, LiveChange, ShownStatus } from "@downbeat/api/views";
import type { Client } from "@/trpc/client.ts";

export interface LiveState {
  /** `paused`: this tab has been hidden for long and keeps no connection open. */
  readonly connection: "connecting" | "open" | "reconnecting" | "paused";
  readonly freshness?: Freshness;
  readonly counts?: Readonly<Record<ShownStatus, number>>;
  readonly attention?: number;
}

interface Followed {
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

/**
 * The one subscription of this tab. Browsers open six connections to a host over all tabs, so a second subscription here would
 * cost another tab its page load.
 */
export function createLiveConnection(client: Client): LiveConnection {
  let state: LiveState = { connection: "connecting" };
  let followed: Followed | undefined;
  let subscription: { unsubscribe: () => void } | undefined;
  let lastEventId: string | undefined;
  let hadGap = false;
  const stateListeners = new Set<() => void>();
  const changeListeners = new Set<(change: LiveChange) => void>();
  const gapListeners = new Set<() => void>();

  function become(next: LiveState): void {
    state = next;
    for (const listener of stateListeners) listener();
  }

  function connected(): void {
    become({ ...state, connection: "open" });
    if (!hadGap) return;
    hadGap = false;
    for (const listener of gapListeners) listener();
  }

  function open(): void {
    if (subscription !== undefined) return;
    if (state.connection === "paused") become({ ...state, connection: "reconnecting" });
    subscription = client.live.changes.subscribe(
      { ...followed, ...(lastEventId === undefined ? {} : { lastEventId }) },
      {
        onConnectionStateChange: (change) => {
          if (change.state === "pending") return connected();
          if (change.state !== "connecting" || state.connection !== "open") return;
          hadGap = true;
          become({ ...state, connection: "reconnecting" });
        },
        onData: ({ id, data }) => {
          lastEventId = id;
          become({
            connection: "open",
            freshness: data.freshness,
            counts: data.counts,
            attention: data.attention,
          });
          if (data.refresh === true) for (const listener of gapListeners) listener();
          for (const listener of changeListeners) listener(data);
        },
        onError: () => {
          hadGap = true;
          become({ ...state, connection: "reconnecting" });
        },
      },
    );
  }

  function close(): void {
    subscription?.unsubscribe();
    subscription = undefined;
  }

  return {
    state: () => state,
    onState: (listener) => listen(stateListeners, listener),
    onChange: (listener) => listen(changeListeners, listener),
    onGap: (listener) => listen(gapListeners, listener),
    open,
    pause() {
      close();
      hadGap = true;
      become({ ...state, connection: "paused" });
    },
    follow(runId, afterSeq) {
      const mine = { runId, afterSeq };
      followed = mine;
      const wasOpen = subscription !== undefined;
      close();
      if (wasOpen) open();
      return () => {
        if (followed !== mine) return;
        followed = undefined;
        if (subscription === undefined) return;
        close();
        open();
      };
    },
  };
}

function listen<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
