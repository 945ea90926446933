"use client";

import type { ActionView } from "@downbeat/api/views";
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from "react";
import { serverNow } from "@/lib/clock.ts";
import { useLiveChange } from "@/live/live-provider.tsx";
import { useTRPCClient } from "@/trpc/react.ts";
import { messageOf, troubleOf } from "@/trpc/trouble.ts";
import { type ActionStore, createActionStore, type TrackedAction } from "./action-store.ts";

const ActionsContext = createContext<ActionStore | undefined>(undefined);

/** Pushes tell when to look; this is for a push that never comes. */
const fallbackMs = 2_000;

export function ActionsProvider({ children }: { children: ReactNode }) {
  const client = useTRPCClient();
  const [store] = useState(() =>
    createActionStore({
      outcome: (action) => client.actions.outcome.query(action),
      messageOf,
      isRefusal: (error) => troubleOf(error) === "refused",
      now: serverNow,
    }),
  );
  useLiveChange((change) => {
    if (store.hasOpen()) store.check(new Set(change.runs.map((run) => run.runId)));
  });
  useEffect(() => {
    // A hidden tab asks when it is shown again.
    const timer = setInterval(() => document.hidden || store.check(), fallbackMs);
    return () => clearInterval(timer);
  }, [store]);
  return <ActionsContext value={store}>{children}</ActionsContext>;
}

const none: ReadonlyMap<string, TrackedAction> = new Map();

function useStore(): ActionStore {
  const store = useContext(ActionsContext);
  if (store === undefined) throw new Error("actions need an ActionsProvider above them");
  return store;
}

export function useTrackedActions(): ReadonlyMap<string, TrackedAction> {
  const store = useStore();
  return useSyncExternalStore(store.onChange, store.all, () => none);
}

export function useTrackedAction(key: string): TrackedAction | undefined {
  return useTrackedActions().get(key);
}

interface ActionNames {
  readonly runId: string;
  /** Of the dialog: sent again with it, an action is carried out once. */
  readonly actionId?: string;
}

type RunAction = (
  key: string,
  names: ActionNames,
  send: (actionId: string) => Promise<ActionView>,
) => Promise<void>;

export function useRunAction(): RunAction {
  const store = useStore();
  return (key, { runId, actionId = crypto.randomUUID() }, send) =>
    store.run(key, { actionId, runId, send: () => send(actionId) });
}

export function useSendAgain(): (key: string) => Promise<void> {
  return useStore().sendAgain;
}

export function useDismissAction(): (...keys: string[]) => void {
  return useStore().dismiss;
}
