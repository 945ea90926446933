"use client";

import type { SavedQuery } from "@downbeat/api/views";
import { useState } from "react";
import { Button } from "@/components/button.tsx";
import { Dialog } from "@/components/dialog.tsx";
import { messageOf } from "@/components/error-state.tsx";
import { useTRPCClient } from "@/trpc/react.ts";

interface DeleteDialogProps {
  readonly query: SavedQuery | undefined;
  readonly onClose: () => void;
  readonly onDeleted: (query: SavedQuery) => void;
}

export function DeleteDialog({ query, onClose, onDeleted }: DeleteDialogProps) {
  const client = useTRPCClient();
  const [problem, setProblem] = useState<string>();

  async function remove(doomed: SavedQuery): Promise<void> {
    setProblem(undefined);
    try {
      await client.savedQueries.delete.mutate({ id: doomed.id });
      onDeleted(doomed);
    } catch (error) {
      setProblem(messageOf(error));
    }
  }

  return (
    <Dialog
      open={query !== undefined}
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={`Delete “${query?.name ?? ""}”?`}
      description={`It goes for everybody on this namespace. ${query?.savedBy ?? "Somebody"} saved it.`}
    >
      {problem === undefined ? null : (
        <p role="alert" className="mb-4 rounded-md bg-stuck-soft px-3 py-2 text-stuck">
          {problem}
        </p>
      )}
      <div className="flex gap-2">
        <Button data-first onClick={onClose}>
          Keep it
        </Button>
        <Button look="danger" onClick={() => (query === undefined ? undefined : void remove(query))}>
          Delete the query
        </Button>
      </div>
    </Dialog>
  );
}
