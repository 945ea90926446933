"use client";

import type { GoalView } from "@downbeat/api/views";
import { useState } from "react";
import { Button } from "@/components/button.tsx";
import { ErrorState } from "@/components/error-state.tsx";
import { Panel } from "@/components/panel.tsx";
import { useRefusal } from "@/lib/use-refusal.ts";
import { DeleteGoalDialog } from "./delete-goal-dialog.tsx";
import { GoalCard } from "./goal-card.tsx";
import { GoalDialog } from "./load-goal-dialog.ts";
import { useGoals } from "./use-goals.ts";

interface GoalPanelProps {
  /** Goals of this workflow, and those of all. */
  readonly workflow: string | undefined;
}

export function GoalPanel({ workflow }: GoalPanelProps) {
  const { data, error, refetch } = useGoals();
  const refusal = useRefusal("keepBoards");
  const [edited, setEdited] = useState<GoalView | "new">();
  const [deleted, setDeleted] = useState<GoalView>();
  const all = data?.goals ?? [];
  const shown = all.filter(
    ({ goal }) => workflow === undefined || goal.workflow === undefined || goal.workflow === workflow,
  );
  const hidden = all.length - shown.length;
  return (
    <section aria-labelledby="goals-title" className="mb-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 id="goals-title" className="font-strong">
          Goals
        </h2>
        <Button size="small" refusal={refusal} onClick={() => setEdited("new")}>
          New goal…
        </Button>
        {data !== undefined && all.length === 0 ? (
          <p className="text-ink-3 text-small">
            For example: 95 % of bookings complete within 10 s, over 28 days. None has been set yet.
          </p>
        ) : null}
        {hidden === 0 ? null : (
          <p className="text-ink-3 text-small">{hidden} of other workflows are not shown.</p>
        )}
      </div>
      {error !== null && data === undefined ? (
        <ErrorState what="the goals" error={error} onRetry={refetch} />
      ) : null}
      {shown.length === 0 ? null : (
        <ul
          aria-label="Goals"
          className="mt-2 grid gap-3 [grid-template-columns:repeat(auto-fill,minmax(min(100%,22rem),1fr))]"
        >
          {shown.map((goal) => (
            <li key={goal.id} className="rounded-lg border border-line bg-surface px-4 py-3">
              <Panel what="The goal" of={goal}>
                <GoalCard goal={goal} onEdit={() => setEdited(goal)} onDelete={() => setDeleted(goal)} />
              </Panel>
            </li>
          ))}
        </ul>
      )}
      <GoalDialog
        key={edited === undefined || edited === "new" ? edited : edited.id}
        of={edited}
        workflow={workflow}
        onClose={() => setEdited(undefined)}
      />
      <DeleteGoalDialog goal={deleted} onClose={() => setDeleted(undefined)} />
    </section>
  );
}
