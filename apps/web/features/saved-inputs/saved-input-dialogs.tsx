"use client";

import type { SavedInput, SavedInputView } from "@downbeat/api/views";
import { DeleteSharedDialog } from "@/components/delete-shared-dialog.tsx";
import { useTRPCClient } from "@/trpc/react.ts";
import { SaveInputDialog } from "./save-input-dialog.tsx";
import { useSavedInputs } from "./use-saved-inputs.ts";

/** What is asked of saved inputs in a dialog of its own. */
export type InputRequest =
  | { readonly verb: "save"; readonly of?: SavedInput }
  | { readonly verb: "rename" | "delete"; readonly of: SavedInput };

interface SavedInputDialogsProps {
  readonly request: InputRequest | undefined;
  readonly workflow: string;
  readonly text: string;
  readonly onClose: () => void;
  readonly onSaved: (saved: SavedInput) => void;
  readonly onRenamed: (of: SavedInput, now: SavedInput) => void;
  /** Somebody else's version is to be in the form. */
  readonly onOpenOther: (other: SavedInputView) => void;
}

/** Beside the form that they are about, not in it: what is sent here would send that one too. */
export function SavedInputDialogs({ request, workflow, text, ...props }: SavedInputDialogsProps) {
  const { onClose, onSaved, onRenamed, onOpenOther } = props;
  const client = useTRPCClient();
  const { refresh } = useSavedInputs();
  const deleted = request?.verb === "delete" ? request.of : undefined;
  return (
    <>
      {request === undefined || request.verb === "delete" ? null : (
        <SaveInputDialog
          of={request.of}
          workflow={request.verb === "rename" ? request.of.workflow : workflow}
          input={request.verb === "rename" ? undefined : text}
          onClose={onClose}
          onSaved={request.verb === "rename" ? (saved) => onRenamed(request.of, saved) : onSaved}
          onOpenOther={(other) => {
            onOpenOther(other);
            onClose();
          }}
        />
      )}
      <DeleteSharedDialog
        kind="input"
        thing={deleted}
        name={deleted?.name}
        {...(deleted?.owner !== undefined && { description: "It is yours alone." })}
        onClose={onClose}
        onSend={async (place) => {
          const answer = await client.savedInputs.delete.mutate(place);
          await refresh();
          return answer;
        }}
        onDeleted={onClose}
      />
    </>
  );
}
