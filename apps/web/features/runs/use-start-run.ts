"use client";

import type { ActionView } from "@downbeat/api/views";
import { isUndecided, type TrackedAction } from "@/features/actions/action-store.ts";
import {
  useDismissAction,
  useRunAction,
  useSendAgain,
  useTrackedAction,
} from "@/features/actions/actions-provider.tsx";
import { describeOutcome } from "@/features/actions/outcome.ts";
import { createDrafts } from "@/lib/create-drafts.ts";
import { useTRPCClient } from "@/trpc/react.ts";

interface StartDraft {
  readonly workflow: string;
  readonly runId: string;
  /** What was typed; nothing while the form is as it began. */
  readonly input: string | undefined;
  /** Of all that this dialog sends until it has an answer: however often it is sent, one run starts. */
  readonly actionId: string;
}

const useStartDraft = createDrafts<StartDraft>(() => ({
  workflow: "",
  runId: "",
  input: undefined,
  actionId: crypto.randomUUID(),
}));

const prefix = "start ";

/** The starts of this visit that are still shown somewhere. */
export const isStart = ({ key }: TrackedAction): boolean => key.startsWith(prefix);

export function startKey(actionId: string): string {
  return prefix + actionId;
}

/** What the dialog asks for, and what has come of it so far. */
export function useStartRun() {
  const client = useTRPCClient();
  const runAction = useRunAction();
  const sendAgain = useSendAgain();
  const dismiss = useDismissAction();
  const { value, change, forget } = useStartDraft(client, "start");
  const { actionId } = value;
  const action = useTrackedAction(startKey(actionId));
  const view = action?.state === "sent" ? action.view : undefined;
  return {
    draft: value,
    change,
    action,
    /** Nobody knows yet whether it starts: what was sent stays as it is. */
    isUndecided: isUndecided(action),
    started: view?.outcome.type === "accepted" ? view : undefined,
    /** The run that there was, with this id, workflow and input. */
    existed: view?.outcome.type === "existed" ? view : undefined,
    problem: action === undefined ? undefined : problemOf(action),
    send(workflow: string, input: string, nowId = actionId): void {
      // Known beforehand: what came of it can be asked even when no answer to the start arrives.
      const runId = value.runId.trim() || `${workflow}-${nowId}`;
      const start = (id: string): Promise<ActionView> =>
        client.runs.start.mutate({
          workflow,
          input,
          actionId: id,
          runId,
        });
      void runAction(startKey(nowId), { runId, actionId: nowId }, start);
      // What stands in the dialog is what was sent, whatever is known of workflows meanwhile.
      change({ workflow, input });
    },
    /** The very same: workflow, input and run id are those that were sent. */
    sendAgain(): void {
      void sendAgain(startKey(actionId));
    },
    /** The next one that is sent is another start; what was typed stays. */
    another(): string {
      if (action !== undefined && !isUndecided(action)) dismiss(action.key);
      const next = crypto.randomUUID();
      change({ actionId: next });
      return next;
    },
    done(): void {
      dismiss(startKey(actionId));
      forget();
    },
  };
}

function problemOf(action: TrackedAction): string | undefined {
  if (action.state === "notSent")
    return action.isUnknown
      ? `${action.message} It is not certain whether the start arrived; if it did, the run is shown here as soon as it begins. Sending it again is safe: however often it arrives, one run starts.`
      : action.message;
  if (action.state !== "sent") return undefined;
  const { outcome } = action.view;
  // As the engine says it: it names the places that don't fit.
  if (outcome.type === "refused") return outcome.message;
  return outcome.type === "lost" ? describeOutcome(action.view, action.view.at).text : undefined;
}
