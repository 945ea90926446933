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

/** How something is to be saved. */
export interface SavedAs {
  readonly name: string;
  /** For everybody, instead of oneself. */
  readonly shared: boolean;
}

interface SaveOwnedFormProps {
  /** "view" */
  readonly kind: string;
  /** As it was when the dialog was opened; absent: a new one. */
  readonly before: Owned | undefined;
  /** What the form says at first, instead of what `before` does. */
  readonly first?: SavedAs | undefined;
  /** @returns why it was not saved */
  readonly onSave: (as: SavedAs) => Promise<string | undefined>;
}

interface SaveOwnedDialogProps extends SaveOwnedFormProps {
  readonly description: ReactNode;
  readonly onClose: () => void;
  /** Shown instead of the form: what somebody else saved, and what is to become of both. */
  readonly conflict?: ReactNode;
}

/** Saves something under a name, for oneself or for everybody. */
export function SaveOwnedDialog({ description, onClose, conflict, ...form }: SaveOwnedDialogProps) {
  const { kind, before } = form;
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={before === undefined ? `Save this ${kind}` : `Change “${before.name}”`}
      description={description}
    >
      {conflict ?? <SaveOwnedForm {...form} />}
    </Dialog>
  );
}

function SaveOwnedForm({ kind, before, first, onSave }: SaveOwnedFormProps) {
  const [name, setName] = useState(first?.name ?? before?.name ?? "");
  const [shared, setShared] = useState(first?.shared ?? (before !== undefined && before.owner === undefined));
  const shareRefusal = useRefusal("keepBoards");
  const { isBusy, problem, submit } = useSubmission();
  return (
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
  );
}

/** Under which name, and for whom, beside what it says. */
export function ownedWords({ name, shared }: SavedAs): string {
  return `“${name.trim()}”, ${shared ? "for everybody" : "for yourself"}`;
}
