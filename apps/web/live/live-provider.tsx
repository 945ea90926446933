"use client";

import type { LiveChange } from "@downbeat/api/views";
import { useQueryClient } from "@tanstack/react-query";
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useEffectEvent,
  useState,
  useSyncExternalStore,
} from "react";
import { useTRPCClient } from "@/trpc/react.ts";
import { createLiveConnection, type LiveConnection, type LiveState } from "./live-connection.ts";

const hiddenForLongMs = 60_000;

const LiveContext = createContext<LiveConnection | undefined>(undefined);

export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const [live] = useState(() => createLiveConnection(client));

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    function onVisibility(): void {
      clearTimeout(timer);
      if (document.hidden) timer = setTimeout(() => live.pause(), hiddenForLongMs);
      else live.open();
    }
    live.open();
    document.addEventListener("visibilitychange", onVisibility);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", onVisibility);
      live.pause();
    };
  }, [live]);

  useEffect(
    () =>
      live.onGap(() => {
        // Lists keep their order: they merge what they missed themselves (see useLiveRunList).
        queryClient.invalidateQueries({ predicate: ({ meta }) => meta?.keepsOrder !== true });
      }),
    [live, queryClient],
  );

  return <LiveContext value={live}>{children}</LiveContext>;
}

export function useLive(): LiveConnection {
  const live = useContext(LiveContext);
  if (live === undefined) throw new Error("useLive needs a LiveProvider above it");
  return live;
}

const offline: LiveState = { connection: "connecting" };

export function useLiveState(): LiveState {
  const live = useLive();
  return useSyncExternalStore(live.onState, live.state, () => offline);
}

export function useLiveChange(listener: (change: LiveChange) => void): void {
  const live = useLive();
  const onChange = useEffectEvent(listener);
  useEffect(() => live.onChange((change) => onChange(change)), [live]);
}

export function useLiveGap(listener: () => void): void {
  const live = useLive();
  const onGap = useEffectEvent(listener);
  useEffect(() => live.onGap(() => onGap()), [live]);
}
