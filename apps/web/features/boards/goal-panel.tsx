"use client";

import { GoalBody } from "@/features/goals/goal-card.tsx";
import { useGoals } from "@/features/goals/use-goals.ts";
import { PanelNote, PanelSkeleton, PanelTrouble } from "./panel-trouble.tsx";

interface GoalPanelProps {
  readonly goalId: string;
  readonly title: string;
}

/** A goal has a window of its own, whatever the period of the board. */
export function GoalPanel({ goalId, title }: GoalPanelProps) {
  const { data, error, refetch } = useGoals();
  if (data === undefined)
    return error === null ? (
      <PanelSkeleton title={title} />
    ) : (
      <PanelTrouble title={title} error={error} onRetry={() => void refetch()} />
    );
  const goal = data.goals.find(({ id }) => id === goalId);
  if (goal === undefined)
    return (
      <PanelNote title={title}>
        This goal was deleted. Choose another one: edit the panel, or remove it.
      </PanelNote>
    );
  return (
    <div className="px-4 py-3">
      <h2 className="break-words font-strong">{title}</h2>
      <GoalBody goal={goal} />
    </div>
  );
}
