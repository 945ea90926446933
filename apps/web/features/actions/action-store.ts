import type { ActionView } from "@downbeat/api/views";
import { isSettled } from "./outcome.ts";

/** One action of this tab, from the click until what came of it is known. */
export type TrackedAction =
  | { readonly state: "sending"; readonly key: string; readonly id: string; readonly at: number }
  /** No answer of the engine: it was turned down, or, `isUnknown`, nobody can say whether it arrived. */
  | {
      readonly state: "notSent";
      readonly key: string;
      readonly id: string;
      readonly message: string;
      readonly isUnknown: boolean;
    }
  | { readonly state: "sent"; readonly key: string; readonly id: string; readonly view: ActionView };

export interface ActionStore {
  readonly all: () => ReadonlyMap<string, TrackedAction>;
  readonly onChange: (listener: () => void) => () => void;
  readonly run: (key: string, actionId: string, send: () => Promise<ActionView>) => Promise<void>;
  /** Sends the same action once more, which is carried out once however often it arrives. */
  readonly sendAgain: (key: string) => Promise<void>;
  /** Runs that may hold news for an action that is not settled. */
  readonly check: (runIds?: ReadonlySet<string>) => void;
  readonly hasOpen: () => boolean;
  readonly dismiss: (...keys: string[]) => void;
}

interface Dependencies {
  readonly outcome: (action: { runId: string; actionId: string }) => Promise<ActionView>;
  readonly messageOf: (error: unknown) => string;
  /** Whether an error says that nothing was done. */
  readonly isRefusal: (error: unknown) => boolean;
  readonly now: () => number;
}

/** The latest action of each target. Kept for the whole visit, so that its outcome is still there when one comes back to it. */
export function createActionStore({ outcome, messageOf, isRefusal, now }: Dependencies): ActionStore {
  let actions: ReadonlyMap<string, TrackedAction> = new Map();
  const listeners = new Set<() => void>();
  const asking = new Set<string>();
  const sends = new Map<string, () => Promise<ActionView>>();

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

  async function run(key: string, actionId: string, send: () => Promise<ActionView>): Promise<void> {
    sends.set(key, send);
    put({ state: "sending", key, id: actionId, at: now() });
    try {
      const view = await send();
      put({ state: "sent", key, id: actionId, view });
      if (!isSettled(view.outcome)) await ask(key, view);
    } catch (error) {
      const isUnknown = !isRefusal(error);
      put({ state: "notSent", key, id: actionId, message: messageOf(error), isUnknown });
    }
  }

  return {
    all: () => actions,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    run,
    async sendAgain(key) {
      const action = actions.get(key);
      const send = sends.get(key);
      if (action?.state === "notSent" && send !== undefined) await run(key, action.id, send);
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
      for (const key of keys) {
        next.delete(key);
        sends.delete(key);
      }
      actions = next;
      for (const listener of listeners) listener();
    },
  };
}

/** Sent or on its way, and nobody knows yet what comes of it: the same is not asked for a second time. */
export function isUndecided(action: TrackedAction | undefined): boolean {
  switch (action?.state) {
    case "sending":
      return true;
    case "notSent":
      return action.isUnknown;
    case "sent":
      return action.view.outcome.type === "pending";
    default:
      return false;
  }
}
