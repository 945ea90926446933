import { Command, Option } from "commander";
import { type Api, ask } from "../api/client.ts";
import { awaitOutcome, reportOutcome, sendAction } from "../api/outcome.ts";
import { CommandFailure } from "../failure.ts";
import { type ApiOptions, actionIdOption, withApi } from "../input/options.ts";
import { plain, printJson } from "../output/print.ts";
import { listDamaged } from "./list.ts";
import { printPlan } from "./plan.ts";

interface Options extends ApiOptions {
  readonly close: boolean;
  readonly apply: boolean;
  readonly reason?: string;
  readonly actionId?: string;
}

const answerWithinSeconds = 10;

export function repairCommand(): Command {
  return withApi(
    new Command("repair")
      .description("Repair runs whose history is damaged; without --apply it only shows what it would do")
      .argument("[runId]", "which run; without it, the damaged runs are listed")
      .addOption(
        new Option("--close", "end the run instead of continuing from its last good event").default(false),
      )
      .addOption(new Option("--apply", "do it").default(false))
      .option(
        "--reason <text>",
        "the reason; required with --apply, and recorded in the run's history with your name",
      )
      .addOption(actionIdOption()),
  ).action(async (runId: string | undefined, options: Options) => {
    refuseHalves(runId, options);
    await ask(options, (api) =>
      runId === undefined ? listDamaged(api, options.json) : repair(api, runId, options),
    );
  });
}

/** What would be done by half is done not at all. */
function refuseHalves(runId: string | undefined, { close, apply, reason, actionId }: Options): void {
  if (runId === undefined && (close || apply))
    throw new CommandFailure(
      "usage",
      "--close and --apply need the id of a run: they are for one run at a time.",
    );
  if (apply && reason === undefined)
    throw new CommandFailure(
      "usage",
      "--apply needs --reason: say why, for those who read the history later.",
    );
  if (!apply && (reason !== undefined || actionId !== undefined))
    throw new CommandFailure(
      "usage",
      "--reason and --action-id are for --apply: without it nothing is changed.",
    );
}

async function repair(api: Api, runId: string, options: Options): Promise<void> {
  const { close, apply, reason = "", actionId, json } = options;
  // The same action again must be told what came of it, when the run is repaired already.
  const known = actionId === undefined ? undefined : await outcomeOf(api, runId, actionId);
  const run = await api.runs.get.query({ runId });
  if (known === undefined && (run.damaged === undefined || run.damaged.isNewer)) {
    const why = run.damaged === undefined ? "Its history is whole." : plain(run.why ?? "");
    throw new CommandFailure("refused", `${plain(runId)} needs no repair. ${why}`);
  }
  if (!apply) return json ? printJson(run) : printPlan(run, close);
  const sent = await sendAction(actionId, (actionId) =>
    api.runs.repair.mutate({ runId, outcome: close ? "closed" : "cut", reason, actionId }),
  );
  const isOver = run.endedAt !== undefined;
  const done = close || isOver ? `${runId} is over.` : `${runId} goes on after event ${run.seq}.`;
  reportOutcome(await awaitOutcome(api, sent, answerWithinSeconds), json, done);
}

function outcomeOf(api: Api, runId: string, actionId: string) {
  // Not found means: it was never sent.
  return api.actions.outcome.query({ runId, actionId }).catch(() => undefined);
}
