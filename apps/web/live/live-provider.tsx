"use client";

import type { LiveChange, NamespaceView } from "@downbeat/api/views";
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
import { useNamespaces } from "@/shell/namespace-provider.tsx";
import type { Client } from "@/trpc/client.ts";
import { useTRPC, useTRPCClient } from "@/trpc/react.ts";
import { askWhoLooks } from "./ask-who-looks.ts";
import { createLiveConnection, type LiveConnection, type LiveState } from "./live-connection.ts";
import { sessionEnd } from "./session-end.ts";
import { connectLive } from "./tabs.ts";
import { useReloadForAnother } from "./use-reload-for-another.ts";

const LiveContext = createContext<LiveConnection | undefined>(undefined);

export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useTRPCClient();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { current } = useNamespaces();
  const [live] = useState(() => connectionOf(client, current));

  useEffect(() => {
    function onVisibility(): void {
      if (document.hidden) live.pause();
      else live.open();
    }
    onVisibility();
    document.addEventListener("visibilitychange", onVisibility);
    return () => {
      document.removeEventListener("visibilitychange", onVisibility);
      live.pause();
    };
  }, [live]);

  useReloadForAnother();
  useEffect(() => {
    // In the cache, where what is shown of them comes from.
    const me = { ...trpc.me.get.queryOptions(), staleTime: 0, retry: false };
    return askWhoLooks(live, () => void queryClient.fetchQuery(me).catch(() => {}));
  }, [live, queryClient, trpc]);

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

function connectionOf(client: Client, namespace: NamespaceView): LiveConnection {
  return createLiveConnection((request, listener) => connectLive(client, namespace, request, listener));
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

/** Whether whoever looks is not signed in any more. */
export function useSessionEnd(): boolean {
  return useSyncExternalStore(sessionEnd.onChange, sessionEnd.isEnded, () => false);
}
