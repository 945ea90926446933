import { type GoalDefinition, goalDefinition } from "@downbeat/protocol";
import { Command } from "commander";
import { ask } from "../api/client.ts";
import { CommandFailure } from "../failure.ts";
import { span } from "../input/moment.ts";
import { type ApiOptions, withApi } from "../input/options.ts";
import { printJson, printLine } from "../output/print.ts";
import { changedMeanwhile } from "./goal.ts";

interface Options extends ApiOptions {
  readonly percent: string;
  readonly within?: number;
  readonly days: string;
  readonly workflow?: string;
  readonly label: readonly string[];
  readonly countCancelled?: boolean;
}

export function saveGoalCommand(): Command {
  return withApi(
    new Command("save")
      .description("Save a goal; it replaces the goal of the same name")
      .argument("<name>")
      .requiredOption("--percent <number>", "per cent of the runs that should be good, such as 99.9")
      .option(
        "--within <span>",
        "a run that takes longer is not good, such as 10s (default: any duration)",
        span,
      )
      .option("--days <number>", "of runs that ended in the last so many days", "28")
      .option("--workflow <name>", "of this workflow only")
      .option(
        "--label <key=value>",
        "only runs with this label; repeat for more",
        (text: string, before: readonly string[]) => [...before, text],
        [],
      )
      .option("--count-cancelled", "count cancelled and terminated runs as bad ones"),
  ).action(saveGoal);
}

async function saveGoal(name: string, options: Options): Promise<void> {
  const goal = goalOf(name, options);
  const answer = await ask(options, async (api) => {
    const { goals } = await api.goals.list.query();
    const before = goals.find((one) => one.goal.name.toLowerCase() === goal.name.toLowerCase());
    return api.goals.save.mutate({
      goal,
      ...(before !== undefined && { id: before.id, version: before.version }),
    });
  });
  if (answer.outcome === "conflict") throw new CommandFailure("refused", changedMeanwhile);
  if (options.json) return printJson(answer);
  printLine(`Saved as ${answer.goal.id}, version ${answer.goal.version}. ${answer.goal.words}`);
}

function goalOf(name: string, options: Options): GoalDefinition {
  const { percent, within, days, workflow, label, countCancelled } = options;
  const labels = label.map((text) => {
    const at = text.indexOf("=");
    if (at < 1) throw new CommandFailure("usage", `--label ${text}: such as country=JP.`);
    return [text.slice(0, at), text.slice(at + 1)] as const;
  });
  const parsed = goalDefinition.safeParse({
    name,
    percent: Number(percent),
    days: Number(days),
    ...(within !== undefined && { withinMs: within }),
    ...(workflow !== undefined && { workflow }),
    ...(labels.length > 0 && { labels: Object.fromEntries(labels) }),
    ...(countCancelled === true && { countsCancelled: true }),
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new CommandFailure("usage", `${issue?.path.join(".") || "the goal"}: ${issue?.message}.`);
}
