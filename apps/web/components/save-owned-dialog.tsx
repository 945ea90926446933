"use client";

import { type FormEvent, type ReactNode, useState } from "react";
import { useRefusal } from "@/lib/use-refusal.ts";
import { useSubmission } from "@/lib/use-submission.ts";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { Field, TextInput } from "./field.tsx";
import { Problem } from "./problem.tsx";

interface Owned {
  readonly name: string;
  /** Whose it is alone; absent: everybody's. */
  readonly owner?: string;
}

interface SaveOwnedDialogProps {
  /** "view" */
  readonly kind: string;
  /** As it was when the dialog was opened; absent: a new one. */
  readonly before: Owned | undefined;
  readonly description: ReactNode;
  readonly onClose: () => void;
  /** @returns why it was not saved */
  readonly onSave: (as: { readonly name: string; readonly shared: boolean }) => Promise<string | undefined>;
}

/** Saves something under a name, for oneself or for everybody. */
export function SaveOwnedDialog({ kind, before, description, onClose, onSave }: SaveOwnedDialogProps) {
  const [name, setName] = useState(before?.name ?? "");
  const [shared, setShared] = useState(before !== undefined && before.owner === undefined);
  const shareRefusal = useRefusal("keepBoards");
  const { isBusy, problem, submit } = useSubmission();
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={before === undefined ? `Save this ${kind}` : `Change “${before.name}”`}
      description={description}
    >
      <form
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void submit(() => onSave({ name, shared }));
        }}
      >
        <Field label="Name">
          {(ids) => (
            <TextInput
              {...ids}
              data-first
              maxLength={100}
              value={name}
              onChange={({ target }) => setName(target.value)}
            />
          )}
        </Field>
        <label className="mb-4 flex items-start gap-2">
          <input
            type="checkbox"
            className="mt-1"
            checked={shared}
            disabled={shareRefusal !== undefined}
            onChange={({ target }) => setShared(target.checked)}
          />
          <span>
            For everybody on this namespace
            {shareRefusal === undefined ? null : (
              <span className="block text-ink-3 text-small">{shareRefusal}</span>
            )}
          </span>
        </label>
        <Problem>{problem}</Problem>
        <Button type="submit" look="primary" disabled={isBusy || name.trim() === ""}>
          {isBusy ? "Saving…" : before === undefined ? `Save the ${kind}` : "Save the changes"}
        </Button>
      </form>
    </Dialog>
  );
}

/** What is there instead, in words. */
export function conflictWords(
  kind: string,
  current: { readonly savedBy: string; readonly name: string } | { readonly deletedBy: string },
): string {
  return "name" in current
    ? `${current.savedBy} has just saved another version of it, as “${current.name}”. Nothing of yours was saved: close this and look at theirs, or save yours as a new ${kind}.`
    : `${current.deletedBy} has deleted it. Nothing was saved: close this and save it as a new ${kind}.`;
}
