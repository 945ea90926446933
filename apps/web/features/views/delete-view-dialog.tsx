"use client";

import type { SavedView } from "@downbeat/api/views";
import { useRouter } from "next/navigation";
import { DeleteSharedDialog } from "@/components/delete-shared-dialog.tsx";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { useTRPCClient } from "@/trpc/react.ts";
import { useSavedViews } from "./use-saved-views.ts";

interface DeleteViewDialogProps {
  readonly view: SavedView | undefined;
  readonly onClose: () => void;
}

export function DeleteViewDialog({ view, onClose }: DeleteViewDialogProps) {
  const client = useTRPCClient();
  const routes = useRoutes();
  const router = useRouter();
  const { refresh } = useSavedViews();

  function leave(): void {
    onClose();
    // What it showed stays; only the name of it is gone.
    if (view !== undefined) router.replace(routes.listAddress(view.list, view.query));
  }

  return (
    <DeleteSharedDialog
      kind="view"
      thing={view}
      name={view?.name}
      {...(view?.owner !== undefined && { description: "It is yours alone." })}
      onClose={onClose}
      onSend={async (place) => {
        const answer = await client.savedViews.delete.mutate(place);
        await refresh();
        return answer;
      }}
      onDeleted={leave}
    />
  );
}
