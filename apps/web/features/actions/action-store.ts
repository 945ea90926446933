import type { ActionView } from "@downbeat/api/views";
import { isSettled } from "./settled.ts";

/** One action of this tab, from the click until what came of it is known. */
export type TrackedAction =
  | { readonly state: "sending"; readonly key: string; readonly id: string; readonly at: number }
  /** No answer of the engine: it was turned down, or, `isUnknown`, nobody can say whether it arrived. */
  | {
      readonly state: "notSent";
      readonly key: string;
      readonly id: string;
      readonly runId: string;
      readonly message: string;
      readonly isUnknown: boolean;
    }
  | { readonly state: "sent"; readonly key: string; readonly id: string; readonly view: ActionView };

export interface ActionStore {
  readonly all: () => ReadonlyMap<string, TrackedAction>;
  readonly onChange: (listener: () => void) => () => void;
  readonly run: (key: string, action: SentAction) => Promise<void>;
  /** Sends the same action once more, which is carried out once however often it arrives. */
  readonly sendAgain: (key: string) => Promise<void>;
  /** Runs that may hold news for an action that is not settled. */
  readonly check: (runIds?: ReadonlySet<string>) => void;
  readonly hasOpen: () => boolean;
  readonly dismiss: (...keys: string[]) => void;
}

interface SentAction {
  readonly actionId: string;
  /** What it is done to: asked what came of it, also when nobody answered that it arrived. */
  readonly runId: string;
  readonly send: () => Promise<ActionView>;
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
  const sent = new Map<string, SentAction>();

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

  /** Whether what nobody confirmed has arrived all the same. */
  async function find(key: string, runId: string, actionId: string): Promise<void> {
    if (asking.has(actionId)) return;
    asking.add(actionId);
    try {
      put({ state: "sent", key, id: actionId, view: await outcome({ runId, actionId }) });
    } catch {
      // Not so far: asked again with the next change.
    } finally {
      asking.delete(actionId);
    }
  }

  async function run(key: string, action: SentAction): Promise<void> {
    const { actionId, runId, send } = action;
    sent.set(key, action);
    put({ state: "sending", key, id: actionId, at: now() });
    try {
      const view = await send();
      put({ state: "sent", key, id: actionId, view });
      if (!isSettled(view.outcome)) await ask(key, view);
    } catch (error) {
      const isUnknown = !isRefusal(error);
      put({ state: "notSent", key, id: actionId, runId, message: messageOf(error), isUnknown });
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
      const again = sent.get(key);
      if (action?.state === "notSent" && again !== undefined) await run(key, again);
    },
    check(runIds) {
      for (const action of actions.values()) {
        const runId = awaitedRun(action);
        if (runId === undefined || (runIds !== undefined && !runIds.has(runId))) continue;
        if (action.state === "sent") void ask(action.key, action.view);
        else void find(action.key, runId, action.id);
      }
    },
    hasOpen: () => [...actions.values()].some((action) => awaitedRun(action) !== undefined),
    dismiss(...keys) {
      const next = new Map(actions);
      for (const key of keys) {
        next.delete(key);
        sent.delete(key);
      }
      actions = next;
      for (const listener of listeners) listener();
    },
  };
}

/** The run that may hold news of it; none when nothing more is to come of it. */
function awaitedRun(action: TrackedAction): string | undefined {
  if (action.state === "sent") return isSettled(action.view.outcome) ? undefined : action.view.runId;
  return action.state === "notSent" && action.isUnknown ? action.runId : undefined;
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
