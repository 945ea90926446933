"use client";

import type { SavedInput, SavedInputView } from "@downbeat/api/views";
import { useState } from "react";
import { type SavedAs, SaveOwnedDialog } from "@/components/save-owned-dialog.tsx";
import { nameBeside } from "@/lib/name-beside.ts";
import { useSubmission } from "@/lib/use-submission.ts";
import { useTRPCClient } from "@/trpc/react.ts";
import { type InputConflict, SaveInputConflict } from "./save-input-conflict.tsx";
import { useSavedInputs } from "./use-saved-inputs.ts";

interface SaveInputDialogProps {
  /** The one that is changed; absent: a new one. */
  readonly of: SavedInput | undefined;
  readonly workflow: string;
  /** JSON text; absent: what it says stays, and only its name or whose it is changes. */
  readonly input: string | undefined;
  readonly onClose: () => void;
  readonly onSaved: (saved: SavedInput) => void;
  /** Instead of saving, what somebody else saved. */
  readonly onOpenOther: (other: SavedInputView) => void;
}

export function SaveInputDialog({
  of,
  workflow,
  input,
  onClose,
  onSaved,
  onOpenOther,
}: SaveInputDialogProps) {
  // As it was when the dialog was opened: what others save meanwhile is told as a conflict.
  const [before, setBefore] = useState(of);
  const [first, setFirst] = useState<SavedAs>();
  const [conflict, setConflict] = useState<InputConflict>();
  const client = useTRPCClient();
  const { refresh } = useSavedInputs();
  const { isBusy, problem, submit } = useSubmission();

  async function save(
    as: SavedAs,
    place: Pick<SavedInput, "id" | "version" | "workflow"> | undefined,
  ): Promise<undefined> {
    const answer = await client.savedInputs.save.mutate({
      ...(place !== undefined && { id: place.id, version: place.version }),
      ...as,
      // What only gets another name stays of the workflow that it is of.
      workflow: input === undefined && place !== undefined ? place.workflow : workflow,
      ...(input !== undefined && { input }),
    });
    await refresh();
    if (answer.outcome === "saved") {
      onSaved(answer.saved);
      onClose();
      return;
    }
    const { current } = answer;
    const theirs =
      "saved" in current ? await client.savedInputs.get.query({ id: current.saved.id }) : current;
    setConflict({ mine: as, theirs });
  }

  return (
    <SaveOwnedDialog
      kind="input"
      before={before}
      first={first}
      description={
        input === undefined
          ? "What it says stays as it is."
          : `Kept for the next starts of ${workflow}. Personal values are not saved: enter them at each start.`
      }
      onClose={onClose}
      onSave={(as) => save(as, before)}
      conflict={
        conflict === undefined ? undefined : (
          <SaveInputConflict
            conflict={conflict}
            input={input}
            isBusy={isBusy}
            problem={problem}
            onReplace={(theirs) => void submit(() => save(conflict.mine, theirs))}
            onOpenOther={onOpenOther}
            onSaveAsNew={() => {
              const { mine, theirs } = conflict;
              setFirst("deletedBy" in theirs ? mine : { ...mine, name: nameBeside(mine.name) });
              setBefore(undefined);
              setConflict(undefined);
            }}
            onClose={onClose}
          />
        )
      }
    />
  );
}
