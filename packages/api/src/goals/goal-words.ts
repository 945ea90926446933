import { durationWords, plural } from "@downbeat/domain";
import type { GoalDefinition } from "@downbeat/protocol";
import { ofWhich } from "../alerts/words.ts";

type Aim = Omit<GoalDefinition, "name">;

/** `24 h`, `28 days` */
export const windowWords = (count: number): string => (count === 1 ? "24 h" : plural(count, "day"));

/** What somebody chose has no more digits than they gave it. */
function limitWords(ms: number): string {
  return ms >= 1_000 && ms < 60_000 ? `${ms / 1_000} s` : durationWords(ms);
}

/** `95 % of the runs of bookTrip complete within 10 s, over 28 days.` */
export function goalWords(goal: Aim): string {
  const { percent, withinMs, countsCancelled } = goal;
  const within = withinMs === undefined ? "" : ` within ${limitWords(withinMs)}`;
  const cancelled = countsCancelled === true ? ", those that are cancelled included" : "";
  return `${percent} % of the runs${ofWhich(goal)} complete${within}, over ${windowWords(goal.days)}${cancelled}.`;
}
