"use client";

import type { SavedQuery } from "@downbeat/api/views";
import { DeleteSharedDialog } from "@/components/delete-shared-dialog.tsx";
import { useTRPCClient } from "@/trpc/react.ts";

interface DeleteQueryDialogProps {
  readonly query: SavedQuery | undefined;
  readonly onClose: () => void;
  readonly onDeleted: (query: SavedQuery) => void;
}

export function DeleteQueryDialog({ query, onClose, onDeleted }: DeleteQueryDialogProps) {
  const client = useTRPCClient();
  return (
    <DeleteSharedDialog
      kind="query"
      thing={query}
      name={query?.name}
      onClose={onClose}
      onSend={(place) => client.savedQueries.delete.mutate(place)}
      onDeleted={() => (query === undefined ? undefined : onDeleted(query))}
    />
  );
}
