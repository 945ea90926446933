"use client";

import type { GoalView } from "@downbeat/api/views";
import { Button } from "@/components/button.tsx";
import { Dialog } from "@/components/dialog.tsx";
import { Problem } from "@/components/problem.tsx";
import { useSubmission } from "@/lib/use-submission.ts";
import { useTRPCClient } from "@/trpc/react.ts";
import { useGoals } from "./use-goals.ts";

interface DeleteGoalDialogProps {
  readonly goal: GoalView | undefined;
  readonly onClose: () => void;
}

export function DeleteGoalDialog({ goal, onClose }: DeleteGoalDialogProps) {
  const client = useTRPCClient();
  const { refresh } = useGoals();
  const { isBusy, problem, submit } = useSubmission();

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
    <Dialog
      open={goal !== undefined}
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={`Delete “${goal?.goal.name ?? ""}”?`}
      description={`It goes for everybody on this namespace. ${goal?.savedBy ?? "Somebody"} saved it.`}
    >
      <Problem>{problem}</Problem>
      <div className="flex gap-2">
        <Button data-first onClick={onClose}>
          Keep it
        </Button>
        <Button look="danger" disabled={isBusy} onClick={() => void submit(remove)}>
          Delete the goal
        </Button>
      </div>
    </Dialog>
  );
}
