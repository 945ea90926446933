"use client";

import type { BoardView } from "@downbeat/api/views";
import { DeleteSharedDialog } from "@/components/delete-shared-dialog.tsx";
import { useTRPCClient } from "@/trpc/react.ts";
import { useBoards } from "./use-boards.ts";

interface DeleteBoardDialogProps {
  readonly board: BoardView | undefined;
  readonly onClose: () => void;
}

export function DeleteBoardDialog({ board, onClose }: DeleteBoardDialogProps) {
  const client = useTRPCClient();
  const { refresh } = useBoards();
  return (
    <DeleteSharedDialog
      kind="board"
      thing={board}
      name={board?.board.name}
      onClose={onClose}
      onSend={async (place) => {
        const answer = await client.boards.delete.mutate(place);
        await refresh();
        return answer;
      }}
      onDeleted={onClose}
    />
  );
}
