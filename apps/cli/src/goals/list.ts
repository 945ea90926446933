import type { GoalFigures, GoalView } from "@downbeat/api/views";
import { countWords, rateWords } from "@downbeat/domain";
import { Command } from "commander";
import { ask } from "../api/client.ts";
import { type ApiOptions, withApi } from "../input/options.ts";
import { plain, printJson, printLine } from "../output/print.ts";
import { table } from "../output/table.ts";
import { freshnessNote, momentWords } from "../output/words.ts";

export function listGoalsCommand(): Command {
  return withApi(
    new Command("list").description("List every goal, its state, and what is left of its budget"),
  ).action(listGoals);
}

interface Told {
  readonly goal: GoalView;
  readonly figures: GoalFigures;
}

async function listGoals(options: ApiOptions): Promise<void> {
  const told = await ask(options, async (api) => {
    const found: Told[] = [];
    for (const goal of (await api.goals.list.query()).goals) {
      const { name: _, ...aim } = goal.goal;
      found.push({ goal, figures: await api.goals.figures.query({ goal: aim }) });
    }
    return found;
  });
  if (options.json) return printJson({ goals: told.map(({ goal, figures }) => ({ ...goal, figures })) });
  if (told.length === 0) return printLine("There are no goals. downbeat goals save makes one.");
  printLine(
    table(
      ["GOAL", "NAME", "STANDING", "GOOD", "RUNS", "BAD", "BUDGET LEFT", "BURNS", "MEANS"],
      told.map(({ goal, figures }) => rowOf(goal, figures)),
    ),
  );
  for (const { goal, figures } of told)
    if (figures.wholeSince !== undefined)
      printLine(
        `\n${plain(goal.goal.name)} is counted whole from ${momentWords(figures.wholeSince)} on: what ended before is not all there.`,
      );
  const note = told.map(({ figures }) => freshnessNote(figures.freshness)).find((one) => one !== undefined);
  if (note !== undefined) printLine(`\n${note}`);
}

function rowOf({ id, goal, words }: GoalView, figures: GoalFigures): string[] {
  const { standing, attained, good, bad, budget, recent } = figures;
  const share =
    budget.leftShare === undefined || budget.left < 0 ? "" : ` (${rateWords(Math.max(0, budget.leftShare))})`;
  return [
    id,
    goal.name,
    standing,
    attained,
    countWords(good + bad),
    countWords(bad),
    `${countWords(budget.left)} of ${countWords(budget.allowed)}${share}`,
    recent.burnWords,
    words,
  ];
}
