"use client";

import type { SavedView } from "@downbeat/api/views";
import { useRouter } from "next/navigation";
import { DeleteDialog } from "@/components/delete-dialog.tsx";
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

  async function remove(): Promise<string | undefined> {
    if (view === undefined) return undefined;
    const { id, version, list, query } = view;
    const answer = await client.savedViews.delete.mutate({ id, version });
    await refresh();
    if (answer.outcome === "conflict")
      return `${answer.current.savedBy} has just saved another version of it, so it stays. Look at that one first.`;
    onClose();
    // What it showed stays; only the name of it is gone.
    router.replace(routes.listAddress(list, query));
    return undefined;
  }

  return (
    <DeleteDialog
      kind="view"
      name={view?.name}
      description={
        view?.owner === undefined
          ? `It goes for everybody on this namespace. ${view?.savedBy ?? "Somebody"} saved it.`
          : "It is yours alone."
      }
      onClose={onClose}
      onDelete={remove}
    />
  );
}
