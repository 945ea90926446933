"use client";

import { type FormEvent, useState } from "react";
import { Button } from "@/components/button.tsx";
import { Dialog } from "@/components/dialog.tsx";
import { Field } from "@/components/field.tsx";
import { Problem } from "@/components/problem.tsx";
import { useSubmission } from "@/lib/use-submission.ts";
import { useTRPCClient } from "@/trpc/react.ts";
import { PasswordInput } from "./password-input.tsx";
import { useAccountChanged } from "./use-account.ts";

interface PasswordDialogProps {
  readonly open: boolean;
  /** What password managers keep it under. */
  readonly name: string;
  readonly onClose: () => void;
  readonly onChanged: () => void;
}

export function PasswordDialog({ open, name, onClose, onChanged }: PasswordDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}
      title="Change your password"
      description="Your other sessions end, and you stay signed in here."
    >
      <PasswordForm name={name} onChanged={onChanged} />
    </Dialog>
  );
}

/** What is typed is gone with the dialog: a password is kept nowhere. */
function PasswordForm({ name, onChanged }: Pick<PasswordDialogProps, "name" | "onChanged">) {
  const [current, setCurrent] = useState("");
  const [wanted, setWanted] = useState("");
  const [repeated, setRepeated] = useState("");
  const { isBusy, problem, submit } = useSubmission();
  const client = useTRPCClient();
  const changed = useAccountChanged();

  async function change(): Promise<string | undefined> {
    if (current === "") return "Type your current password first.";
    if (wanted !== repeated) return "The two new ones are not the same. Nothing was changed.";
    await client.account.changePassword.mutate({ current, wanted });
    await changed();
    onChanged();
    return undefined;
  }

  return (
    <form
      noValidate
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void submit(change);
      }}
    >
      <input type="text" name="username" autoComplete="username" value={name} readOnly hidden />
      <Field label="Current password">
        {(ids) => (
          <PasswordInput {...ids} data-first="" use="current-password" value={current} onType={setCurrent} />
        )}
      </Field>
      <Field label="New password" hint="At least 12 characters; a few words make a good one">
        {(ids) => <PasswordInput {...ids} use="new-password" value={wanted} onType={setWanted} />}
      </Field>
      <Field label="New password once more">
        {(ids) => <PasswordInput {...ids} use="new-password" value={repeated} onType={setRepeated} />}
      </Field>
      <Problem>{problem}</Problem>
      <Button type="submit" look="primary" disabled={isBusy}>
        {isBusy ? "Changing…" : "Change the password"}
      </Button>
    </form>
  );
}
