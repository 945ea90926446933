"use client";

import type { SavedView, SaveViewAnswer } from "@downbeat/api/views";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { ownedWords, type SavedAs, SaveOwnedDialog } from "@/components/save-owned-dialog.tsx";
import { TwoVersions } from "@/components/two-versions.tsx";
import { nameBeside } from "@/lib/name-beside.ts";
import { useSubmission } from "@/lib/use-submission.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { useTRPCClient } from "@/trpc/react.ts";
import { useSavedViews } from "./use-saved-views.ts";
import { viewText } from "./view-text.ts";

interface SaveViewDialogProps {
  readonly list: SavedView["list"];
  readonly query: string;
  readonly columns: SavedView["columns"] | undefined;
  /** The one that is changed; absent: a new one. */
  readonly of: SavedView | undefined;
  readonly onClose: () => void;
  readonly onSaved: (() => void) | undefined;
}

interface Conflict {
  readonly mine: SavedAs;
  readonly current: Extract<SaveViewAnswer, { readonly outcome: "conflict" }>["current"];
}

export function SaveViewDialog({ list, query, columns, of, onClose, onSaved }: SaveViewDialogProps) {
  // As it was when the dialog was opened: what others save meanwhile is told as a conflict.
  const [before, setBefore] = useState(of);
  const [first, setFirst] = useState<SavedAs>();
  const [conflict, setConflict] = useState<Conflict>();
  const routes = useRoutes();
  const router = useRouter();
  const client = useTRPCClient();
  const { refresh } = useSavedViews();
  const { isBusy, problem, submit } = useSubmission();

  async function save(as: SavedAs, place: Pick<SavedView, "id" | "version"> | undefined): Promise<undefined> {
    const answer = await client.savedViews.save.mutate({
      ...(place !== undefined && { id: place.id, version: place.version }),
      ...as,
      list,
      query,
      ...(columns !== undefined && { columns: columns.map((column) => ({ ...column })) }),
    });
    await refresh();
    if (answer.outcome === "conflict") setConflict({ mine: as, current: answer.current });
    else leave(answer.view);
  }

  function leave(view: SavedView): void {
    onSaved?.();
    onClose();
    router.replace(routes.view(view));
  }

  function conflictOf({ mine, current }: Conflict) {
    const theirs = "view" in current ? current.view : undefined;
    return (
      <TwoVersions
        kind="view"
        quicker={"view" in current ? current.view : current}
        theirs={
          theirs && {
            about: ownedWords({ name: theirs.name, shared: theirs.owner === undefined }),
            text: viewText(theirs),
          }
        }
        mine={{ about: ownedWords(mine), text: viewText({ query, ...(columns && { columns }) }) }}
        isBusy={isBusy}
        problem={problem}
        choices={[
          {
            say: theirs === undefined ? "Save yours as a new view" : "Save yours under another name",
            onChoose: () => {
              setFirst(theirs === undefined ? mine : { ...mine, name: nameBeside(mine.name) });
              setBefore(undefined);
              setConflict(undefined);
            },
          },
          theirs && { say: `Open ${theirs.savedBy}’s`, onChoose: () => leave(theirs) },
          theirs && {
            say: `Replace ${theirs.savedBy}’s`,
            look: "danger",
            onChoose: () => void submit(() => save(mine, theirs)),
          },
        ]}
      />
    );
  }

  return (
    <SaveOwnedDialog
      kind="view"
      before={before}
      first={first}
      description="A view keeps the filter, the order and the columns of the list as they are now."
      onClose={onClose}
      onSave={(as) => save(as, before)}
      conflict={conflict === undefined ? undefined : conflictOf(conflict)}
    />
  );
}
