import type { GoalView } from "@downbeat/api/views";
import { plainLabels, plainLabelsText } from "../../lib/plain-labels.ts";

/** What is typed into the form. */
export interface GoalDraft {
  readonly workflow: string | undefined;
  /** As typed: `country=JP`. */
  readonly labels: string;
  readonly percent: string;
  /** Empty: however long. */
  readonly seconds: string;
  readonly days: string;
  readonly countsCancelled: boolean;
}

export const emptyGoal: GoalDraft = {
  workflow: undefined,
  labels: "",
  percent: "95",
  seconds: "",
  days: "28",
  countsCancelled: false,
};

type Aim = Omit<GoalView["goal"], "name">;

export function draftOfGoal(goal: Aim): GoalDraft {
  return {
    workflow: goal.workflow,
    labels: plainLabelsText(goal.labels),
    percent: String(goal.percent),
    seconds: goal.withinMs === undefined ? "" : String(goal.withinMs / 1_000),
    days: String(goal.days),
    countsCancelled: goal.countsCancelled === true,
  };
}

/** What is meant, or what keeps it from being meant. */
export function aimOfDraft(draft: GoalDraft): { readonly aim: Aim } | { readonly problem: string } {
  const { workflow, countsCancelled } = draft;
  const percent = numberOf(draft.percent);
  const isFine = percent !== undefined && Math.round(percent * 1_000) / 1_000 === percent;
  if (!isFine || percent < 1 || percent > 99.999)
    return { problem: "Enter a percentage from 1 to 99.999, with three decimals at most." };
  const withinMs =
    draft.seconds.trim() === "" ? undefined : Math.round((numberOf(draft.seconds) ?? 0) * 1_000);
  if (withinMs !== undefined && (withinMs < 1 || withinMs > 366 * 86_400_000))
    return { problem: "Enter the number of seconds, or leave it empty." };
  const days = numberOf(draft.days);
  if (days === undefined || !Number.isInteger(days) || days < 1 || days > 90)
    return { problem: "Enter the number of days, from 1 to 90." };
  const labels = plainLabels(draft.labels);
  if (typeof labels === "string") return { problem: labels };
  const named = Object.keys(labels).length;
  if (named > 5) return { problem: "At most five labels are allowed." };
  return {
    aim: {
      percent,
      days,
      ...(workflow !== undefined && { workflow }),
      ...(named > 0 && { labels }),
      ...(withinMs !== undefined && { withinMs }),
      ...(countsCancelled && { countsCancelled }),
    },
  };
}

function numberOf(text: string): number | undefined {
  const value = Number(text);
  return text.trim() === "" || !Number.isFinite(value) ? undefined : value;
}
