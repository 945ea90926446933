"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "@/components/button.tsx";
import { Dialog } from "@/components/dialog.tsx";
import { ReasonField } from "@/features/actions/reason-field.tsx";
import { useTRPC, useTRPCClient } from "@/trpc/react.ts";
import { useForgetRun } from "./use-forget-run.ts";

/** Asks why before anything is shown. */
export function RevealDialog({ runId, onClose }: { runId: string; onClose: () => void }) {
  const client = useTRPCClient();
  const { data: me } = useQuery(useTRPC().me.get.queryOptions());
  const forget = useForgetRun();
  const [reason, setReason] = useState("");
  const [isSending, setSending] = useState(false);
  const [problem, setProblem] = useState<string>();
  const mayAsk = reason.trim() !== "" && !isSending;

  async function reveal(): Promise<void> {
    if (!mayAsk) return;
    setSending(true);
    setProblem(undefined);
    try {
      await client.runs.reveal.mutate({ runId, reason: reason.trim() });
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      setSending(false);
      return;
    }
    onClose();
    forget();
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title="Reveal what is personal"
      description={
        me?.signedIn === undefined
          ? "Nobody signs in here: everybody at this server sees the run’s values for 10 minutes, on its page. The audit says so, and why."
          : "You alone see this run’s values for 10 minutes, on its page. The audit says that you did, and why."
      }
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void reveal();
        }}
      >
        <ReasonField
          hint="Kept in the audit with your name. Needed."
          value={reason}
          onChange={setReason}
          onSend={() => void reveal()}
        />
        {problem === undefined ? null : (
          <p role="alert" className="mb-3 rounded-md bg-stuck-soft px-3 py-2">
            {problem}
          </p>
        )}
        <div className="flex items-center gap-2">
          <Button type="submit" look="primary" disabled={!mayAsk}>
            {isSending ? "Revealing…" : "Reveal"}
          </Button>
          <Button look="quiet" onClick={onClose}>
            Leave it masked
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
