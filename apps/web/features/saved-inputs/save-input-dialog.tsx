"use client";

import type { SavedInput } from "@downbeat/api/views";
import { useState } from "react";
import { conflictWords, SaveOwnedDialog } from "@/components/save-owned-dialog.tsx";
import { useTRPCClient } from "@/trpc/react.ts";
import { useSavedInputs } from "./use-saved-inputs.ts";

interface SaveInputDialogProps {
  /** The one that is changed; absent: a new one. */
  readonly of: SavedInput | undefined;
  readonly workflow: string;
  /** JSON text; absent: what it says stays, and only its name or whose it is changes. */
  readonly input: string | undefined;
  readonly onClose: () => void;
  readonly onSaved: (saved: SavedInput) => void;
}

export function SaveInputDialog({ of, workflow, input, onClose, onSaved }: SaveInputDialogProps) {
  // As it was when the dialog was opened: what others save meanwhile is told as a conflict.
  const [before] = useState(of);
  const client = useTRPCClient();
  const { refresh } = useSavedInputs();
  return (
    <SaveOwnedDialog
      kind="input"
      before={before}
      description={
        input === undefined
          ? "What it says stays as it is."
          : `Kept for the next starts of ${workflow}. Values that are personal are not kept: they are given at each start.`
      }
      onClose={onClose}
      onSave={async (as) => {
        const answer = await client.savedInputs.save.mutate({
          ...(before !== undefined && { id: before.id, version: before.version }),
          ...as,
          workflow,
          ...(input !== undefined && { input }),
        });
        await refresh();
        if (answer.outcome === "conflict")
          return conflictWords("input", "saved" in answer.current ? answer.current.saved : answer.current);
        onSaved(answer.saved);
        onClose();
        return undefined;
      }}
    />
  );
}
