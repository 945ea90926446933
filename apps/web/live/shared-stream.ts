import type { LiveChange } from "@downbeat/api/views";
import type { OpenStream } from "./event-stream.ts";
import type { FollowedRun, LiveListener, LiveRequest, LiveSource } from "./live-connection.ts";

/** What tabs of one browser say to each other. */
export type TabMessage =
  /** A tab is there, and looks at this run. The one that has the stream answers with how it stands. */
  | { readonly type: "here"; readonly tab: string; readonly follow?: FollowedRun | undefined }
  | { readonly type: "gone"; readonly tab: string }
  /** A tab has taken the stream over: all others say what they look at. */
  | { readonly type: "leads" }
  /** `isOpen` is absent until it is known. */
  | { readonly type: "stands"; readonly isOpen?: boolean | undefined; readonly id?: string | undefined }
  | { readonly type: "change"; readonly id: string; readonly change: LiveChange };

export interface TabChannel {
  readonly post: (message: TabMessage) => void;
  readonly listen: (listener: (message: TabMessage) => void) => () => void;
}

export interface TabLock {
  /**
   * Calls `hold` when this tab has the lock, which it keeps until `signal` is aborted or the tab is gone, however it goes.
   * `steal`: from whoever has it. `onStolen`: another one took it.
   */
  readonly request: (options: {
    readonly signal: AbortSignal;
    readonly steal: boolean;
    readonly hold: () => void;
    readonly onStolen: () => void;
  }) => void;
}

export interface SharedStreamParts {
  readonly open: OpenStream;
  readonly channel: TabChannel;
  readonly lock: TabLock;
  readonly tab: string;
  readonly setTimer: (work: () => void, everyMs: number) => () => void;
}

/** How often the leading tab says how it stands, also while nothing changes. */
const beatMs = 2_000;
/** The leading tab is taken for frozen after so many beats without a word. */
const mostSilentBeats = 4;
/** Followed runs of tabs that have not said anything for so many beats are dropped. */
const rollCallBeats = 30;
/** The server takes no more. */
const mostFollowed = 20;
/** Tabs that say within this what they look at are asked for together. */
const gatherMs = 50;
/** A stream that was asked for and says nothing for so long has not been taken. */
const longestSilenceMs = 5_000;

/**
 * One event stream for all tabs of a browser: the tab that holds the lock has it and passes on what it hears. When that tab is hidden, closed, crashed or frozen, the next
 * one in line goes on at the last change that it was told itself, so that nothing is missed.
 */
export function connectShared(
  { open, channel, lock, tab, setTimer }: SharedStreamParts,
  request: LiveRequest,
  listener: LiveListener,
): LiveSource {
  let { follow, lastEventId } = request;
  const leaving = new AbortController();
  let attempt = new AbortController();
  let stream: { readonly close: () => void } | undefined;
  let isLeader = false;
  let isStreamOpen: boolean | undefined;
  let hasJoined = false;
  let silentBeats = 0;
  let beats = 0;
  const others = new Map<string, FollowedRun | undefined>();
  const silent = new Set<string>();

  const followedByAll = (): FollowedRun[] => {
    const byRun = new Map<string, number>();
    for (const run of [follow, ...others.values()]) {
      if (run === undefined) continue;
      byRun.set(run.runId, Math.min(run.afterSeq, byRun.get(run.runId) ?? run.afterSeq));
    }
    return Array.from(byRun, ([runId, afterSeq]) => ({ runId, afterSeq })).slice(0, mostFollowed);
  };

  /** What was told is not asked for again. */
  function advance(runId: string, seq: number): void {
    const later = (run: FollowedRun | undefined): FollowedRun | undefined =>
      run?.runId === runId && run.afterSeq < seq ? { runId, afterSeq: seq } : run;
    follow = later(follow);
    for (const [other, run] of others) others.set(other, later(run));
  }

  let stopGathering: (() => void) | undefined;
  function openSoon(): void {
    stopGathering ??= setTimer(() => {
      stopGathering?.();
      stopGathering = undefined;
      if (isLeader) openStream();
    }, gatherMs);
  }

  function onLost(): void {
    isStreamOpen = false;
    channel.post({ type: "stands", isOpen: false });
    listener.onLost();
  }

  let stopAwaiting: (() => void) | undefined;
  function heard(): void {
    isStreamOpen = true;
    stopAwaiting?.();
    stopAwaiting = undefined;
  }
  /** Streams that take turns without a word from the server are one silence. */
  function awaitWord(): void {
    stopAwaiting ??= setTimer(() => {
      stopAwaiting?.();
      stopAwaiting = undefined;
      onLost();
    }, longestSilenceMs);
  }

  let asked = "";
  function openStream(): void {
    const followed = followedByAll();
    const next = followed.map(({ runId }) => runId).join("\n");
    if (stream !== undefined && next === asked) return;
    asked = next;
    stream?.close();
    awaitWord();
    stream = open(
      { follow: followed, lastEventId },
      {
        onOpen() {
          heard();
          channel.post({ type: "stands", isOpen: true, id: lastEventId });
          listener.onOpen();
        },
        onLost,
        onChange(id, change) {
          heard();
          lastEventId = id;
          for (const { runId, events } of change.followed) advance(runId, events.at(-1)?.seq ?? 0);
          channel.post({ type: "change", id, change });
          listener.onChange(id, change);
        },
      },
    );
  }

  function lead(): void {
    isLeader = true;
    hasJoined = true;
    others.clear();
    openStream();
    channel.post({ type: "leads" });
  }

  function stopLeading(): void {
    isLeader = false;
    isStreamOpen = undefined;
    stream?.close();
    stream = undefined;
    stopAwaiting?.();
    stopAwaiting = undefined;
    stopGathering?.();
    stopGathering = undefined;
  }

  function stand(steal: boolean): void {
    attempt.abort();
    attempt = new AbortController();
    const mine = attempt;
    lock.request({
      signal: AbortSignal.any([mine.signal, leaving.signal]),
      steal,
      hold: lead,
      onStolen() {
        stopLeading();
        if (!leaving.signal.aborted) stand(false);
      },
    });
  }

  const sayHere = (): void => channel.post({ type: "here", tab, follow });

  /** Of the leading tab, to one that follows. */
  function join(isOpen: boolean | undefined, id: string | undefined): void {
    silentBeats = 0;
    if (isOpen === undefined) return;
    if (!isOpen) return listener.onLost();
    listener.onOpen();
    if (hasJoined) return;
    hasJoined = true;
    // It has been told less than the others: what it missed nobody will say again.
    if (lastEventId !== undefined && lastEventId !== id) listener.onGap();
    // A fresh one has missed nothing: should it lead before the next change, it goes on from here.
    lastEventId ??= id;
  }

  const stopListening = channel.listen((message) => {
    switch (message.type) {
      case "here":
        if (!isLeader) return;
        others.set(message.tab, message.follow);
        silent.delete(message.tab);
        channel.post({ type: "stands", isOpen: isStreamOpen, id: lastEventId });
        return openSoon();
      case "gone":
        others.delete(message.tab);
        return openSoon();
      case "leads":
        silentBeats = 0;
        if (!isLeader) sayHere();
        return;
      case "stands":
        if (!isLeader) join(message.isOpen, message.id);
        return;
      case "change":
        if (isLeader) return;
        join(true, message.id);
        lastEventId = message.id;
        listener.onChange(message.id, message.change);
    }
  });

  function beat(): void {
    beats++;
    if (!isLeader) {
      silentBeats++;
      if (silentBeats <= mostSilentBeats) return;
      silentBeats = 0;
      return stand(true);
    }
    channel.post({ type: "stands", isOpen: isStreamOpen, id: lastEventId });
    if (beats % rollCallBeats !== 0) return;
    for (const other of silent) others.delete(other);
    silent.clear();
    for (const other of others.keys()) silent.add(other);
    channel.post({ type: "leads" });
    openStream();
  }

  const stopBeating = setTimer(beat, beatMs);
  stand(false);
  sayHere();
  return {
    follow(run) {
      follow = run;
      if (isLeader) openStream();
      else sayHere();
    },
    close() {
      stopBeating();
      stopListening();
      channel.post({ type: "gone", tab });
      stopLeading();
      leaving.abort();
    },
  };
}
