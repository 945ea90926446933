"use client";

import type { GoalView } from "@downbeat/api/views";
import { DeleteSharedDialog } from "@/components/delete-shared-dialog.tsx";
import { useTRPCClient } from "@/trpc/react.ts";
import { useGoals } from "./use-goals.ts";

interface DeleteGoalDialogProps {
  readonly goal: GoalView | undefined;
  readonly onClose: () => void;
}

export function DeleteGoalDialog({ goal, onClose }: DeleteGoalDialogProps) {
  const client = useTRPCClient();
  const { refresh } = useGoals();
  return (
    <DeleteSharedDialog
      kind="goal"
      thing={goal}
      name={goal?.goal.name}
      onClose={onClose}
      onSend={async (place) => {
        const answer = await client.goals.delete.mutate(place);
        await refresh();
        return answer;
      }}
      onDeleted={onClose}
    />
  );
}
