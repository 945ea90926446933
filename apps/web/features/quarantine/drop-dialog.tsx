"use client";

import type { QuarantineRemedies } from "@downbeat/api/views";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/button.tsx";
import { Dialog } from "@/components/dialog.tsx";
import { Problem } from "@/components/problem.tsx";
import { ReasonField } from "@/features/actions/reason-field.tsx";
import { useSubmission } from "@/lib/use-submission.ts";
import { useTRPCClient } from "@/trpc/react.ts";
import { conflictWords } from "./conflict-words.ts";
import { useQuarantineChanged } from "./use-quarantine.ts";

interface DropDialogProps {
  readonly entry: QuarantineRemedies;
  readonly onClose: () => void;
}

export function DropDialog({ entry: { entry, mark }, onClose }: DropDialogProps) {
  // As it was when the dialog was opened: what others do meanwhile is told as a conflict.
  const [version] = useState(mark?.version ?? 0);
  const [reason, setReason] = useState("");
  const client = useTRPCClient();
  const changed = useQuarantineChanged();
  const { isBusy, problem, submit } = useSubmission();

  async function drop(): Promise<string | undefined> {
    const answer = await client.quarantine.drop.mutate({ entry, version, reason });
    await changed();
    if (answer.outcome === "conflict") return conflictWords(answer.mark);
    onClose();
    return undefined;
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title="Drop this entry?"
      description="Nothing is done with what it asked for. The entry stays in the list, marked as dropped, with your name and reason, and can still be sent again."
    >
      <form
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void submit(drop);
        }}
      >
        <ReasonField
          hint="Everybody sees it beside the entry."
          value={reason}
          onChange={setReason}
          onSend={undefined}
        />
        <Problem>{problem}</Problem>
        <Button type="submit" look="danger" disabled={isBusy || reason.trim() === ""}>
          Drop the entry
        </Button>
      </form>
    </Dialog>
  );
}
