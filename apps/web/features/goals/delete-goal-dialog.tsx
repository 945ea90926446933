"use client";

import type { GoalView } from "@downbeat/api/views";
import { DeleteDialog } from "@/components/delete-dialog.tsx";
import { useTRPCClient } from "@/trpc/react.ts";
import { useGoals } from "./use-goals.ts";

interface DeleteGoalDialogProps {
  readonly goal: GoalView | undefined;
  readonly onClose: () => void;
}

export function DeleteGoalDialog({ goal, onClose }: DeleteGoalDialogProps) {
  const client = useTRPCClient();
  const { refresh } = useGoals();

  async function remove(): Promise<string | undefined> {
    if (goal === undefined) return undefined;
    const answer = await client.goals.delete.mutate({ id: goal.id, version: goal.version });
    await refresh();
    if (answer.outcome === "conflict")
      return `${answer.current.savedBy} has just saved another version of it, so it stays. Look at that one first.`;
    onClose();
    return undefined;
  }

  return (
    <DeleteDialog
      kind="goal"
      name={goal?.goal.name}
      description={`It goes for everybody on this namespace. ${goal?.savedBy ?? "Somebody"} saved it.`}
      onClose={onClose}
      onDelete={remove}
    />
  );
}
