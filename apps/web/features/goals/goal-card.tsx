"use client";

import { wholeSinceWords } from "@downbeat/api/figure-words";
import type { GoalFigures, GoalView, RunFilter } from "@downbeat/api/views";
import { CircleCheck, CircleDashed, CircleX } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { Button } from "@/components/button.tsx";
import { formatDayAndClock } from "@/lib/absolute-time.ts";
import { formatCount, plural } from "@/lib/number.ts";
import { useRefusal } from "@/lib/use-refusal.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { messageOf } from "@/trpc/trouble.ts";
import { BudgetBar } from "./budget-bar.tsx";
import { openedRuns } from "./opened-runs.ts";
import { aimOf, useGoalFigures } from "./use-goals.ts";

interface GoalCardProps {
  readonly goal: GoalView;
  readonly onEdit: () => void;
  readonly onDelete: () => void;
}

export function GoalCard({ goal: saved, onEdit, onDelete }: GoalCardProps) {
  const refusal = useRefusal("keepBoards");
  const { goal } = saved;
  return (
    <>
      <div className="flex items-start gap-2">
        <h3 className="min-w-0 flex-1 break-words font-strong">{goal.name}</h3>
        <Button size="small" look="quiet" refusal={refusal} onClick={onEdit} aria-label={`Edit ${goal.name}`}>
          Edit…
        </Button>
        <Button
          size="small"
          look="quiet"
          refusal={refusal}
          onClick={onDelete}
          aria-label={`Delete ${goal.name}`}
        >
          Delete…
        </Button>
      </div>
      <GoalBody goal={saved} />
    </>
  );
}

/** What a goal means and how it stands, below its name. */
export function GoalBody({ goal: { goal, words } }: { readonly goal: GoalView }) {
  const { data, error } = useGoalFigures(aimOf(goal));
  return (
    <>
      <p className="break-words text-ink-3 text-small">{words}</p>
      {data !== undefined ? (
        <Standing figures={data} />
      ) : error === null ? (
        <p className="mt-2 text-ink-3">Counting…</p>
      ) : null}
      {error === null ? null : (
        <p role="alert" className="mt-2 break-words text-small text-stuck">
          {messageOf(error)}
        </p>
      )}
    </>
  );
}

const looks = {
  reached: { icon: CircleCheck, word: "Reached", tone: "text-ink-2" },
  missed: { icon: CircleX, word: "Missed", tone: "text-stuck" },
  unknown: { icon: CircleDashed, word: "No run so far", tone: "text-ink-3" },
} as const;

function Standing({ figures }: { readonly figures: GoalFigures }) {
  const { standing, attained, good, bad, ends, budget, recent, opens, wholeSince } = figures;
  const { icon: Icon, word, tone } = looks[standing];
  return (
    <>
      <p className="mt-2 flex flex-wrap items-baseline gap-x-3">
        <span className="text-title tabular-nums">{attained}</span>
        <span className={tone}>
          <Icon aria-hidden size={14} className="-mt-0.5 mr-1 inline" />
          {word}
        </span>
        <span className="text-ink-2 text-small">
          <Opens filter={opens.bad}>{formatCount(bad)} bad</Opens> of{" "}
          <Opens filter={opens.counted}>{plural(good + bad, "run")}</Opens>
        </span>
      </p>
      <BudgetBar budget={budget} />
      <p className="mt-1 text-ink-3 text-small">
        <Opens filter={opens.failed}>{formatCount(ends.failed)} failed</Opens>
        {opens.late === undefined ? null : (
          <>
            {" · "}
            <Opens filter={opens.late}>{formatCount(ends.completedLate)} too late</Opens>
          </>
        )}
        {" · "}
        <Opens filter={opens.cancelled}>{formatCount(ends.cancelled)} cancelled</Opens>
        {" · "}
        <span title="How fast the budget is being spent: at 1× it lasts forever, at 2× it is spent in half of the window">
          burns at {recent.burnWords}
        </span>{" "}
        since {formatDayAndClock(recent.from)}
      </p>
      {wholeSince === undefined ? null : (
        <p className="text-ink-3 text-small">{wholeSinceWords(wholeSince, formatDayAndClock)}</p>
      )}
    </>
  );
}

function Opens({ filter, children }: { readonly filter: RunFilter; readonly children: ReactNode }) {
  const routes = useRoutes();
  return (
    <Link href={routes.runs(openedRuns(filter))} className="rounded underline-offset-2 hover:underline">
      {children}
    </Link>
  );
}
