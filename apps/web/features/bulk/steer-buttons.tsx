"use client";

import type { ActionView, BulkState, BulkView } from "@downbeat/api/views";
import { useMutation } from "@tanstack/react-query";
import { Pause, Play, Square } from "lucide-react";
import { useEffect } from "react";
import { Button } from "@/components/button.tsx";
import { known } from "@/lib/known.ts";
import { useRefusals } from "@/lib/use-refusal.ts";
import type { Client } from "@/trpc/client.ts";
import { useTRPCClient } from "@/trpc/react.ts";
import { messageOf } from "@/trpc/trouble.ts";
import { bulkNeeds, isOver } from "./bulk-words.ts";

/** `resumeHeld` by whoever sees that it is held, and what for; `resume` ends a pause only. */
type Steer = "pause" | "resume" | "resumeHeld" | "stop";

const doing: Readonly<Record<Steer, string>> = {
  pause: "Pausing once the batch under way is done…",
  resume: "Resuming…",
  resumeHeld: "Continuing…",
  stop: "Stopping once the batch under way is done…",
};

export function SteerButtons({ bulk }: { bulk: BulkView }) {
  const { bulkId, state, verb } = bulk;
  const client = useTRPCClient();
  const refusalOf = useRefusals();
  const need = known(bulkNeeds, verb);
  const refusal = need === undefined ? undefined : refusalOf(need);
  const steering = useMutation({
    mutationFn: ({ to, actionId }: { to: Steer; actionId: string }) => steer(client, bulkId, to, actionId),
  });
  const { variables: last, data: answer, error, reset } = steering;
  const problem =
    error !== null
      ? messageOf(error)
      : answer?.outcome.type === "refused"
        ? `Refused: ${answer.outcome.message}`
        : undefined;
  const asked = problem === undefined ? last?.to : undefined;
  const hasHappened = steering.isSuccess && asked !== undefined && hasLedTo(asked, state);
  useEffect(() => {
    if (hasHappened) reset();
  }, [hasHappened, reset]);
  if (isOver(bulk)) return null;

  const ask = (to: Steer) => () =>
    // Sent again because no answer came, it is the same action.
    steering.mutate({
      to,
      actionId: steering.isError && last?.to === to ? last.actionId : crypto.randomUUID(),
    });
  const underWay = hasHappened ? undefined : asked;
  const isBusy = underWay !== undefined;
  const waits = state === "paused" || state === "held";
  return (
    <>
      {problem === undefined ? null : (
        <span role="alert" className="text-stuck">
          {problem}
        </span>
      )}
      <span role="status" className="text-ink-2">
        {underWay === undefined ? null : doing[underWay]}
      </span>
      {state === "held" ? (
        <Button key="continue" look="primary" refusal={refusal} disabled={isBusy} onClick={ask("resumeHeld")}>
          <Play aria-hidden size={14} /> Continue anyway
        </Button>
      ) : null}
      {state === "paused" ? (
        <Button key="resume" look="primary" refusal={refusal} disabled={isBusy} onClick={ask("resume")}>
          <Play aria-hidden size={14} /> Resume
        </Button>
      ) : null}
      {state === "looking" || state === "scheduled" ? null : (
        // It keeps its place while it waits: whoever is about to click it when that changes gets nothing else to click.
        <Button
          key="pause"
          refusal={refusal ?? (waits ? `It is ${state} already.` : undefined)}
          disabled={isBusy}
          onClick={ask("pause")}
        >
          <Pause aria-hidden size={14} /> Pause
        </Button>
      )}
      <Button
        key="stop"
        look="danger"
        refusal={refusal}
        // A pause that takes a while can still become a stop.
        disabled={steering.isPending || underWay === "stop"}
        onClick={ask("stop")}
      >
        <Square aria-hidden size={13} /> Stop
      </Button>
    </>
  );
}

function steer(client: Client, bulkId: string, to: Steer, actionId: string): Promise<ActionView> {
  const action = { bulkId, actionId };
  switch (to) {
    case "pause":
      return client.bulk.pause.mutate(action);
    case "resume":
      return client.bulk.resume.mutate(action);
    case "resumeHeld":
      return client.bulk.resume.mutate({ ...action, anyway: true });
    case "stop":
      return client.bulk.stop.mutate(action);
  }
}

function hasLedTo(asked: Steer, state: BulkState): boolean {
  switch (asked) {
    case "pause":
      return state === "paused" || state === "held" || state === "looking";
    case "resume":
      return state !== "paused";
    case "resumeHeld":
      return state !== "held";
    case "stop":
      return false;
  }
}
