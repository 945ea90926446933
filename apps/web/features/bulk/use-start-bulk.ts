"use client";

import type { BulkPreview } from "@downbeat/api/views";
import { useEffect, useRef, useState } from "react";
import { createDrafts } from "@/lib/create-drafts.ts";
import type { Client } from "@/trpc/client.ts";
import { useTRPCClient } from "@/trpc/react.ts";
import type { BulkRequest } from "./request.ts";
import { startOutcome, unknownWords } from "./start-outcome.ts";

type BulkStart = Parameters<Client["bulk"]["start"]["mutate"]>[0];

interface BulkDraft {
  readonly reason: string;
  readonly signalName: string;
  readonly json: string;
  readonly isCautious: boolean;
  /** Of a hundred. */
  readonly mostFailed: number;
  readonly perMinute: number | undefined;
  readonly startAt: string | undefined;
  /** Sent, and nobody knows what came of it: it can only be sent again as it was, under its id. */
  readonly sent: BulkStart | undefined;
}

const useBulkDraft = createDrafts<BulkDraft>(() => ({
  reason: "",
  signalName: "",
  json: "null",
  isCautious: true,
  mostFailed: 20,
  perMinute: undefined,
  startAt: undefined,
  sent: undefined,
}));

interface Wishes {
  readonly request: BulkRequest;
  readonly preview: BulkPreview | undefined;
  /** Only where this form is still shown. */
  readonly onStarted: (bulkId: string) => void;
  /** Another person has to approve it first. */
  readonly onAsked: () => void;
}

/** What the dialog asks for, and what has come of it so far. */
export function useStartBulk({ request, preview, onStarted, onAsked }: Wishes) {
  const client = useTRPCClient();
  const draft = useBulkDraft(client, JSON.stringify([request.verb, request.selection]));
  const [isSending, setSending] = useState(false);
  const [problem, setProblem] = useState<string>();
  const isShown = useRef(false);
  useEffect(() => {
    isShown.current = true;
    return () => {
      isShown.current = false;
    };
  }, []);

  async function send(start: BulkStart): Promise<void> {
    if (isSending) return;
    setSending(true);
    setProblem(undefined);
    // Closed before the answer and opened again, it is known that this one is under way.
    draft.change({ sent: start });
    const outcome = await startOutcome(client.bulk.start.mutate(start));
    setSending(false);
    if (outcome.type === "started" || outcome.type === "asked") {
      draft.forget();
      if (!isShown.current) return;
      return outcome.type === "asked" ? onAsked() : onStarted(outcome.bulkId);
    }
    if (outcome.type === "notStarted") draft.change({ sent: undefined });
    setProblem(outcome.problem);
  }

  const { sent } = draft.value;
  return {
    draft: draft.value,
    change: draft.change,
    isSending,
    /** It has no known outcome: what was sent stays as it is. */
    isLocked: sent !== undefined,
    problem: sent === undefined || isSending ? problem : (problem ?? unknownWords),
    setProblem,
    /** A bulk action of its own. */
    start: (order: BulkStart["order"]) => send({ order, asOf: preview?.asOf, actionId: crypto.randomUUID() }),
    sendAgain(): void {
      if (sent !== undefined) void send(sent);
    },
    another(): void {
      setProblem(undefined);
      draft.change({ sent: undefined });
    },
  };
}
