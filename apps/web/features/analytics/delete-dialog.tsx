"use client";

import type { SavedQuery } from "@downbeat/api/views";
import { Button } from "@/components/button.tsx";
import { Dialog } from "@/components/dialog.tsx";
import { Problem } from "@/components/problem.tsx";
import { useSubmission } from "@/lib/use-submission.ts";
import { useTRPCClient } from "@/trpc/react.ts";

interface DeleteDialogProps {
  readonly query: SavedQuery | undefined;
  readonly onClose: () => void;
  readonly onDeleted: (query: SavedQuery) => void;
}

export function DeleteDialog({ query, onClose, onDeleted }: DeleteDialogProps) {
  const client = useTRPCClient();
  const { isBusy, problem, submit } = useSubmission();

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
    <Dialog
      open={query !== undefined}
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={`Delete “${query?.name ?? ""}”?`}
      description={`It goes for everybody on this namespace. ${query?.savedBy ?? "Somebody"} saved it.`}
    >
      <Problem>{problem}</Problem>
      <div className="flex gap-2">
        <Button data-first onClick={onClose}>
          Keep it
        </Button>
        <Button look="danger" disabled={isBusy} onClick={() => void submit(remove)}>
          Delete the query
        </Button>
      </div>
    </Dialog>
  );
}
