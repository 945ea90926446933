import type { ActionView } from "@downbeat/api/views";
import { isSettled } from "./outcome.ts";

/** One action of this tab, from the click until what came of it is known. */
export type TrackedAction =
  | { readonly state: "sending"; readonly key: string; readonly id: string; readonly at: number }
  /** The server never took it. */
  | { readonly state: "notSent"; readonly key: string; readonly id: string; readonly message: string }
  | { readonly state: "sent"; readonly key: string; readonly id: string; readonly view: ActionView };

export interface ActionStore {
  readonly all: () => ReadonlyMap<string, TrackedAction>;
  readonly onChange: (listener: () => void) => () => void;
  readonly run: (key: string, actionId: string, send: () => Promise<ActionView>) => Promise<void>;
  /** Runs that may hold news for an action that is not settled. */
  readonly check: (runIds?: ReadonlySet<string>) => void;
  readonly hasOpen: () => boolean;
  readonly dismiss: (...keys: string[]) => void;
}

interface Dependencies {
  readonly outcome: (action: { runId: string; actionId: string }) => Promise<ActionView>;
  readonly messageOf: (error: unknown) => string;
  readonly now: () => number;
}

/** The latest action of each target. Kept for the whole visit, so that its outcome is still there when one comes back to it. */
export function createActionStore({ outcome, messageOf, now }: Dependencies): ActionStore {
  let actions: ReadonlyMap<string, TrackedAction> = new Map();
  const listeners = new Set<() => void>();
  const asking = new Set<string>();

  function put(action: TrackedAction): void {
    const current = actions.get(action.key);
    // A newer action of the same target has taken its place.
    if (action.state !== "sending" && current?.id !== action.id) return;
    actions = new Map(actions).set(action.key, action);
    for (const listener of listeners) listener();
  }

  async function ask(key: string, view: ActionView): Promise<void> {
    if (asking.has(view.actionId)) return;
    asking.add(view.actionId);
    try {
      const latest = await outcome({ runId: view.runId, actionId: view.actionId });
      // Until history has it, the server knows less of it than we do.
      const merged = latest.outcome.type === "pending" ? { ...view, outcome: latest.outcome } : latest;
      put({ state: "sent", key, id: view.actionId, view: { ...merged, at: view.at } });
    } catch {
      // Asked again with the next change.
    } finally {
      asking.delete(view.actionId);
    }
  }

  return {
    all: () => actions,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async run(key, actionId, send) {
      put({ state: "sending", key, id: actionId, at: now() });
      try {
        const view = await send();
        put({ state: "sent", key, id: actionId, view });
        if (!isSettled(view.outcome)) await ask(key, view);
      } catch (error) {
        put({ state: "notSent", key, id: actionId, message: messageOf(error) });
      }
    },
    check(runIds) {
      for (const action of actions.values()) {
        if (action.state !== "sent" || isSettled(action.view.outcome)) continue;
        if (runIds === undefined || runIds.has(action.view.runId)) ask(action.key, action.view);
      }
    },
    hasOpen: () =>
      [...actions.values()].some((action) => action.state === "sent" && !isSettled(action.view.outcome)),
    dismiss(...keys) {
      const next = new Map(actions);
      for (const key of keys) next.delete(key);
      actions = next;
      for (const listener of listeners) listener();
    },
  };
}
