"use client";

import type { SavedQuery } from "@downbeat/api/views";
import { DeleteDialog } from "@/components/delete-dialog.tsx";
import { useTRPCClient } from "@/trpc/react.ts";

interface DeleteQueryDialogProps {
  readonly query: SavedQuery | undefined;
  readonly onClose: () => void;
  readonly onDeleted: (query: SavedQuery) => void;
}

export function DeleteQueryDialog({ query, onClose, onDeleted }: DeleteQueryDialogProps) {
  const client = useTRPCClient();

  async function remove(): Promise<string | undefined> {
    if (query === undefined) return undefined;
    const { id, version } = query;
    const answer = await client.savedQueries.delete.mutate({ id, version });
    if (answer.outcome === "conflict")
      return `${answer.current.savedBy} has just saved another version of it, so it stays. Look at that one first.`;
    onDeleted(query);
    return undefined;
  }

  return (
    <DeleteDialog
      kind="query"
      name={query?.name}
      description={`It goes for everybody on this namespace. ${query?.savedBy ?? "Somebody"} saved it.`}
      onClose={onClose}
      onDelete={remove}
    />
  );
}
