"use client";

import type { SavedQuery, SaveQueryAnswer } from "@downbeat/api/views";
import { useState } from "react";
import { Button } from "@/components/button.tsx";
import { Dialog } from "@/components/dialog.tsx";
import { Field, TextInput } from "@/components/field.tsx";
import { createDrafts } from "@/lib/create-drafts.ts";
import { useSubmission } from "@/lib/use-submission.ts";
import { useTRPCClient } from "@/trpc/react.ts";
import { type Conflict, SaveConflict } from "./save-conflict.tsx";
import type { SqlQuery } from "./use-sql-query.ts";

interface SaveDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly query: Pick<SqlQuery, "sql" | "source">;
  /** The saved query that was opened, as it was then: saving under its name takes its place. */
  readonly current: SavedQuery | undefined;
  /** Settles when it is in the list. */
  readonly onSaved: (saved: SavedQuery) => Promise<void>;
  /** Instead of saving, what somebody else saved. */
  readonly onOpenOther: (other: SavedQuery) => void;
}

export function SaveDialog({ open, onOpenChange, ...form }: SaveDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Save the query"
      description="It is kept in the log, and everybody on this namespace can open it."
    >
      <SaveForm {...form} />
    </Dialog>
  );
}

const useNameDraft = createDrafts<{ readonly name: string | undefined }>(() => ({ name: undefined }));

function SaveForm({ query, current, onSaved, onOpenOther }: Omit<SaveDialogProps, "open" | "onOpenChange">) {
  const client = useTRPCClient();
  const typed = useNameDraft(client, current?.id ?? "");
  const name = typed.value.name ?? current?.name ?? "";
  const [conflict, setConflict] = useState<Conflict>();
  const { isBusy, problem, submit } = useSubmission();
  const takesPlace = current !== undefined && name.trim() === current.name;

  async function save(place: Pick<SavedQuery, "id" | "version"> | undefined): Promise<undefined> {
    const of = place === undefined ? {} : { id: place.id, version: place.version };
    const answer: SaveQueryAnswer = await client.savedQueries.save.mutate({
      ...query,
      name: name.trim(),
      ...of,
    });
    if (answer.outcome === "conflict") setConflict(answer.current);
    else {
      await onSaved(answer.query);
      typed.forget();
    }
  }

  if (conflict !== undefined)
    return (
      <SaveConflict
        conflict={conflict}
        mine={query.sql}
        isBusy={isBusy}
        problem={problem}
        onReplace={(place) => void submit(() => save(place))}
        onOpenOther={onOpenOther}
        onRename={() => {
          setConflict(undefined);
          typed.change({ name: `${name.trim()} (2)` });
        }}
      />
    );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit(() => save(takesPlace ? current : undefined));
      }}
    >
      <Field
        label="Name"
        hint={
          takesPlace ? `Takes the place of what ${current.savedBy} saved` : "What it answers, in a few words"
        }
        error={problem}
      >
        {(ids) => (
          <TextInput
            {...ids}
            maxLength={100}
            value={name}
            onChange={(event) => typed.change({ name: event.target.value })}
          />
        )}
      </Field>
      <Button type="submit" look="primary" disabled={isBusy || name.trim() === ""}>
        {isBusy ? "Saving…" : takesPlace ? `Replace “${current.name}”` : "Save the query"}
      </Button>
    </form>
  );
}
