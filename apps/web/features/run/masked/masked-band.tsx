"use client";

import type { ShownRunView } from "@downbeat/api/views";
import { Eye, EyeOff } from "lucide-react";
import { useEffect, useEffectEvent, useState } from "react";
import { Button } from "@/components/button.tsx";
import { serverNow } from "@/lib/clock.ts";
import { useRefusal } from "@/lib/use-refusal.ts";
import { useCommands } from "@/shell/commands-provider.tsx";
import { useTRPCClient } from "@/trpc/react.ts";
import { leftWords } from "./left-words.ts";
import { RevealDialog } from "./reveal-dialog.tsx";
import { useForgetRun } from "./use-forget-run.ts";

interface MaskedBandProps {
  readonly run: ShownRunView;
  readonly masked: NonNullable<ShownRunView["masked"]>;
}

/** Says that something of the run is masked, and to whom it is shown how long. */
export function MaskedBand({ run: { runId }, masked }: MaskedBandProps) {
  const [isAsking, setAsking] = useState(false);
  const refusal = useRefusal("revealMasked");
  useCommands(
    masked.until !== undefined
      ? []
      : [
          {
            id: "reveal",
            label: "Reveal what is personal…",
            group: "This page",
            refusal,
            run: () => setAsking(true),
          },
        ],
  );
  return (
    <div className="mb-2 px-6 max-[700px]:px-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-md bg-sunken px-3 py-1.5">
        {masked.until === undefined ? (
          <>
            <EyeOff aria-hidden size={14} className="text-ink-3" />
            <span>
              What is personal in this run is masked: <span className="font-mono">•••</span>
            </span>
            <Button size="small" refusal={refusal} onClick={() => setAsking(true)}>
              Reveal…
            </Button>
          </>
        ) : (
          <Shown runId={runId} until={masked.until} />
        )}
      </div>
      {isAsking ? <RevealDialog runId={runId} onClose={() => setAsking(false)} /> : null}
    </div>
  );
}

/** Counts down, and takes the values off the page when the time is over, whether or not the server can be reached. */
function Shown({ runId, until }: { runId: string; until: number }) {
  const client = useTRPCClient();
  const forget = useForgetRun();
  const [left, setLeft] = useState(until - serverNow());
  const [problem, setProblem] = useState<string>();
  const tick = useEffectEvent(() => {
    const now = until - serverNow();
    if (now <= 0) forget();
    else setLeft(now);
  });
  useEffect(() => {
    const timer = setInterval(() => tick(), 1_000);
    return () => clearInterval(timer);
  }, []);
  async function hide(): Promise<void> {
    try {
      await client.runs.hide.mutate({ runId });
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      return;
    }
    forget();
  }
  return (
    <>
      <Eye aria-hidden size={14} className="text-accent" />
      <span>
        What is personal is shown for <span className="tabular-nums">{leftWords(left)}</span>. That is in the
        audit.
      </span>
      <Button size="small" onClick={() => void hide()}>
        Hide again
      </Button>
      {problem === undefined ? null : (
        <span role="alert" className="text-stuck">
          It is still shown: {problem}
        </span>
      )}
    </>
  );
}
