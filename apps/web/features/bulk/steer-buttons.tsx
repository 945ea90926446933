"use client";

import type { BulkView } from "@downbeat/api/views";
import { useMutation } from "@tanstack/react-query";
import { Pause, Play, Square } from "lucide-react";
import { Button } from "@/components/button.tsx";
import { useRefusal } from "@/lib/use-refusal.ts";
import { useTRPC } from "@/trpc/react.ts";
import { messageOf } from "@/trpc/trouble.ts";
import { bulkNeeds, isOver } from "./bulk-words.ts";

export function SteerButtons({ bulk }: { bulk: BulkView }) {
  const trpc = useTRPC();
  const { bulkId, state, verb } = bulk;
  const refusal = useRefusal(bulkNeeds[verb]);
  const pause = useMutation(trpc.bulk.pause.mutationOptions());
  const resume = useMutation(trpc.bulk.resume.mutationOptions());
  const stop = useMutation(trpc.bulk.stop.mutationOptions());
  if (isOver(bulk)) return null;
  const waits = state === "paused" || state === "held";
  const error = pause.error ?? resume.error ?? stop.error;
  const isBusy = pause.isPending || resume.isPending || stop.isPending;
  return (
    <>
      {error === null ? null : <span role="alert">{messageOf(error)}</span>}
      {waits ? (
        <Button look="primary" refusal={refusal} disabled={isBusy} onClick={() => resume.mutate({ bulkId })}>
          <Play aria-hidden size={14} /> {state === "held" ? "Go on all the same" : "Resume"}
        </Button>
      ) : state === "looking" ? null : (
        <Button refusal={refusal} disabled={isBusy} onClick={() => pause.mutate({ bulkId })}>
          <Pause aria-hidden size={14} /> Pause
        </Button>
      )}
      <Button look="danger" refusal={refusal} disabled={isBusy} onClick={() => stop.mutate({ bulkId })}>
        <Square aria-hidden size={13} /> Stop
      </Button>
    </>
  );
}
