"use client";

import type { GoalView, SaveGoalAnswer } from "@downbeat/api/views";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/button.tsx";
import { Dialog } from "@/components/dialog.tsx";
import { Field, TextInput } from "@/components/field.tsx";
import { Problem } from "@/components/problem.tsx";
import { useSubmission } from "@/lib/use-submission.ts";
import { useTRPCClient } from "@/trpc/react.ts";
import { aimOfDraft, draftOfGoal, emptyGoal, type GoalDraft } from "./goal-draft.ts";
import { GoalFields } from "./goal-fields.tsx";
import { GoalPreview } from "./goal-preview.tsx";
import { useGoals } from "./use-goals.ts";

interface GoalDialogProps {
  /** To be edited; `new` for one that is not there yet, nothing where the dialog is closed. */
  readonly of: GoalView | "new" | undefined;
  /** Of which a new one is at first. */
  readonly workflow: string | undefined;
  readonly onClose: () => void;
}

export function GoalDialog({ of, workflow, onClose }: GoalDialogProps) {
  if (of === undefined) return null;
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={of === "new" ? "New goal" : `Edit “${of.goal.name}”`}
      description="Everybody on this namespace has the same goals. They are kept in the log."
    >
      <GoalForm of={of === "new" ? undefined : of} workflow={workflow} onClose={onClose} />
    </Dialog>
  );
}

function GoalForm({
  of,
  workflow,
  onClose,
}: Omit<GoalDialogProps, "of"> & { readonly of: GoalView | undefined }) {
  // As it was when the dialog was opened: what others save meanwhile is told as a conflict.
  const [seen] = useState(of);
  const [name, setName] = useState(seen?.goal.name ?? "");
  const [draft, setDraft] = useState<GoalDraft>(() =>
    seen === undefined ? { ...emptyGoal, workflow } : draftOfGoal(seen.goal),
  );
  const { isBusy, problem, submit } = useSubmission();
  const client = useTRPCClient();
  const { refresh } = useGoals();
  const meant = aimOfDraft(draft);

  async function save(): Promise<string | undefined> {
    if (name.trim() === "") return "Give the goal a name.";
    if ("problem" in meant) return meant.problem;
    const answer = await client.goals.save.mutate({
      ...(seen !== undefined && { id: seen.id, version: seen.version }),
      goal: { name, ...meant.aim },
    });
    await refresh();
    if (answer.outcome === "conflict") return conflictWords(answer);
    onClose();
    return undefined;
  }

  return (
    <form
      noValidate
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void submit(save);
      }}
    >
      <Field label="Name">
        {(ids) => (
          <TextInput
            {...ids}
            data-first=""
            maxLength={100}
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        )}
      </Field>
      <GoalFields draft={draft} onChange={setDraft} />
      <GoalPreview meant={meant} />
      <Problem>{problem}</Problem>
      <Button type="submit" look="primary" disabled={isBusy}>
        {isBusy ? "Saving…" : "Save the goal"}
      </Button>
    </form>
  );
}

function conflictWords({ current }: Extract<SaveGoalAnswer, { outcome: "conflict" }>): string {
  return "goal" in current
    ? `${current.goal.savedBy} has just saved another version of it, “${current.goal.goal.name}”: ${current.goal.words} Nothing of yours was saved: close this to see theirs.`
    : `${current.deletedBy} has deleted it, and nothing was saved. Close this and make a new one.`;
}
