"use client";

import { useSettled } from "@/lib/use-settled.ts";
import { messageOf } from "@/trpc/trouble.ts";
import type { aimOfDraft } from "./goal-draft.ts";
import { type Aim, useGoalFigures } from "./use-goals.ts";

/** How the goal would stand, before anybody is held to it. */
export function GoalPreview({ meant }: { readonly meant: ReturnType<typeof aimOfDraft> }) {
  const settled = useSettled("aim" in meant ? JSON.stringify(meant.aim) : "", 300);
  const { data, error } = useGoalFigures(settled === "" ? undefined : (JSON.parse(settled) as Aim));
  if ("problem" in meant) return <p className="mb-4 text-ink-3">{meant.problem}</p>;
  return (
    <p role="status" className="mb-4 min-h-10 break-words rounded-md bg-sunken px-3 py-2 text-ink-2">
      {error !== null ? messageOf(error) : data === undefined ? "Counting…" : `Now: ${data.sentence}`}
    </p>
  );
}
