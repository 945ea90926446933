"use client";

import type { SavedView, SaveViewAnswer } from "@downbeat/api/views";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/button.tsx";
import { Dialog } from "@/components/dialog.tsx";
import { Field, TextInput } from "@/components/field.tsx";
import { Problem } from "@/components/problem.tsx";
import { useRefusal } from "@/lib/use-refusal.ts";
import { useSubmission } from "@/lib/use-submission.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { useTRPCClient } from "@/trpc/react.ts";
import { useSavedViews } from "./use-saved-views.ts";

interface SaveViewDialogProps {
  readonly list: SavedView["list"];
  readonly query: string;
  readonly columns: SavedView["columns"] | undefined;
  /** The one that is changed; absent: a new one. */
  readonly of: SavedView | undefined;
  readonly onClose: () => void;
  readonly onSaved: (() => void) | undefined;
}

export function SaveViewDialog({ list, query, columns, of, onClose, onSaved }: SaveViewDialogProps) {
  // As it was when the dialog was opened: what others save meanwhile is told as a conflict.
  const [before] = useState(of);
  const [name, setName] = useState(before?.name ?? "");
  const [shared, setShared] = useState(before !== undefined && before.owner === undefined);
  const shareRefusal = useRefusal("keepBoards");
  const routes = useRoutes();
  const router = useRouter();
  const client = useTRPCClient();
  const { refresh } = useSavedViews();
  const { isBusy, problem, submit } = useSubmission();

  async function save(): Promise<string | undefined> {
    const answer = await client.savedViews.save.mutate({
      ...(before !== undefined && { id: before.id, version: before.version }),
      name,
      list,
      query,
      shared,
      ...(columns !== undefined && { columns: columns.map((column) => ({ ...column })) }),
    });
    await refresh();
    if (answer.outcome === "conflict") return conflictWords(answer);
    onSaved?.();
    onClose();
    router.replace(routes.view(answer.view));
    return undefined;
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={before === undefined ? "Save this view" : `Change “${before.name}”`}
      description="A view keeps the filter, the order and the columns of the list as they are now."
    >
      <form
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void submit(save);
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
          {isBusy ? "Saving…" : before === undefined ? "Save the view" : "Save the changes"}
        </Button>
      </form>
    </Dialog>
  );
}

function conflictWords({ current }: Extract<SaveViewAnswer, { outcome: "conflict" }>): string {
  return "view" in current
    ? `${current.view.savedBy} has just saved another version of it, as “${current.view.name}”. Nothing of yours was saved: close this and look at theirs, or save yours as a new view.`
    : `${current.deletedBy} has deleted it. Nothing was saved: close this and save it as a new view.`;
}
