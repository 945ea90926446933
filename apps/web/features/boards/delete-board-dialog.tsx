"use client";

import type { BoardView } from "@downbeat/api/views";
import { DeleteDialog } from "@/components/delete-dialog.tsx";
import { useTRPCClient } from "@/trpc/react.ts";
import { useBoards } from "./use-boards.ts";

interface DeleteBoardDialogProps {
  readonly board: BoardView | undefined;
  readonly onClose: () => void;
}

export function DeleteBoardDialog({ board, onClose }: DeleteBoardDialogProps) {
  const client = useTRPCClient();
  const { refresh } = useBoards();

  async function remove(): Promise<string | undefined> {
    if (board === undefined) return undefined;
    const answer = await client.boards.delete.mutate({ id: board.id, version: board.version });
    await refresh();
    if (answer.outcome === "conflict")
      return `${answer.current.savedBy} has just saved another version of it, so it stays. Look at that one first.`;
    onClose();
    return undefined;
  }

  return (
    <DeleteDialog
      kind="board"
      name={board?.board.name}
      description={`It goes for everybody on this namespace. ${board?.savedBy ?? "Somebody"} saved it.`}
      onClose={onClose}
      onDelete={remove}
    />
  );
}
