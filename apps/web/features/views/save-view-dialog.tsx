"use client";

import type { SavedView } from "@downbeat/api/views";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { conflictWords, SaveOwnedDialog } from "@/components/save-owned-dialog.tsx";
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
  const routes = useRoutes();
  const router = useRouter();
  const client = useTRPCClient();
  const { refresh } = useSavedViews();
  return (
    <SaveOwnedDialog
      kind="view"
      before={before}
      description="A view keeps the filter, the order and the columns of the list as they are now."
      onClose={onClose}
      onSave={async (as) => {
        const answer = await client.savedViews.save.mutate({
          ...(before !== undefined && { id: before.id, version: before.version }),
          ...as,
          list,
          query,
          ...(columns !== undefined && { columns: columns.map((column) => ({ ...column })) }),
        });
        await refresh();
        if (answer.outcome === "conflict")
          return conflictWords("view", "view" in answer.current ? answer.current.view : answer.current);
        onSaved?.();
        onClose();
        router.replace(routes.view(answer.view));
        return undefined;
      }}
    />
  );
}
