"use client";

import { goalWords } from "@downbeat/api/goal-words";
import type { GoalView, SaveGoalAnswer } from "@downbeat/api/views";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/button.tsx";
import { Dialog } from "@/components/dialog.tsx";
import { Field, TextInput } from "@/components/field.tsx";
import { Problem } from "@/components/problem.tsx";
import { TwoVersions } from "@/components/two-versions.tsx";
import { nameBeside } from "@/lib/name-beside.ts";
import { useSubmission } from "@/lib/use-submission.ts";
import { useTRPCClient } from "@/trpc/react.ts";
import { aimOfDraft, draftOfGoal, emptyGoal, type GoalDraft } from "./goal-draft.ts";
import { GoalFields } from "./goal-fields.tsx";
import { GoalPreview } from "./goal-preview.tsx";
import { useGoals } from "./use-goals.ts";

type Conflict = Extract<SaveGoalAnswer, { readonly outcome: "conflict" }>["current"];

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
  const [seen, setSeen] = useState(of);
  const [conflict, setConflict] = useState<Conflict>();
  const [name, setName] = useState(seen?.goal.name ?? "");
  const [draft, setDraft] = useState<GoalDraft>(() =>
    seen === undefined ? { ...emptyGoal, workflow } : draftOfGoal(seen.goal),
  );
  const { isBusy, problem, submit } = useSubmission();
  const client = useTRPCClient();
  const { refresh } = useGoals();
  const meant = aimOfDraft(draft);

  async function save(place: Pick<GoalView, "id" | "version"> | undefined): Promise<string | undefined> {
    if (name.trim() === "") return "Give the goal a name.";
    if ("problem" in meant) return meant.problem;
    const answer = await client.goals.save.mutate({
      ...(place !== undefined && { id: place.id, version: place.version }),
      goal: { name, ...meant.aim },
    });
    await refresh();
    if (answer.outcome === "conflict") setConflict(answer.current);
    else onClose();
    return undefined;
  }

  if (conflict !== undefined && "aim" in meant) {
    const theirs = "goal" in conflict ? conflict.goal : undefined;
    return (
      <TwoVersions
        kind="goal"
        quicker={"goal" in conflict ? { ...conflict.goal, name: conflict.goal.goal.name } : conflict}
        theirs={theirs && { about: `“${theirs.goal.name}”: ${theirs.words}` }}
        mine={{ about: `“${name.trim()}”: ${goalWords(meant.aim)}` }}
        isBusy={isBusy}
        problem={problem}
        choices={[
          theirs && { say: `Keep ${theirs.savedBy}’s`, onChoose: onClose },
          {
            say: theirs === undefined ? "Save yours as a new goal" : "Save yours under another name",
            onChoose: () => {
              if (theirs !== undefined) setName(nameBeside(name));
              setSeen(undefined);
              setConflict(undefined);
            },
          },
          theirs && {
            say: `Replace ${theirs.savedBy}’s`,
            look: "danger",
            onChoose: () => void submit(() => save(theirs)),
          },
        ]}
      />
    );
  }

  return (
    <form
      noValidate
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void submit(() => save(seen));
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
