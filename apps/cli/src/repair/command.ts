import type { RunSummary, RunView } from "@downbeat/api/views";
import { Command, Option } from "commander";
import { type Api, ask } from "../api/client.ts";
import { awaitOutcome, reportOutcome } from "../api/outcome.ts";
import { CommandFailure } from "../failure.ts";
import { type ApiOptions, withApi } from "../input/options.ts";
import { plain, printJson, printLine } from "../output/print.ts";
import { table } from "../output/table.ts";
import { ago } from "../output/words.ts";

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
      .description("Repair runs whose history is damaged: without --apply it only says what it would do")
      .argument("[runId]", "which one; without it, the runs that are set aside are listed")
      .addOption(
        new Option("--close", "end the run instead of having it go on at its last good event").default(false),
      )
      .addOption(new Option("--apply", "do it").default(false))
      .option("--reason <text>", "why; needed with --apply, and kept in the run's history with your name")
      .option("--action-id <id>", "sending the same id again is the same action"),
  ).action((runId: string | undefined, options: Options) =>
    ask(options, (api) => (runId === undefined ? listDamaged(api, options) : repair(api, runId, options))),
  );
}

async function repair(api: Api, runId: string, options: Options): Promise<void> {
  const { close, apply, reason, actionId, json } = options;
  const run = await api.runs.get.query({ runId });
  if (run.damaged === undefined || run.damaged.isNewer) {
    const why = run.damaged === undefined ? "Its history is whole." : plain(run.why ?? "");
    throw new CommandFailure("refused", `${runId} needs no repair. ${why}`);
  }
  if (!apply) return json ? printJson(run) : printPlan(run, close);
  if (reason === undefined)
    throw new CommandFailure(
      "usage",
      "--apply needs --reason: say why, for those who read the history later.",
    );
  const outcome = close ? "closed" : "cut";
  const sent = await api.runs.repair.mutate({
    runId,
    outcome,
    reason,
    ...(actionId !== undefined && { actionId }),
  });
  const done = close ? `${runId} is closed.` : `${runId} goes on at event ${run.seq}.`;
  reportOutcome(await awaitOutcome(api, sent, answerWithinSeconds), json, done);
}

function printPlan(run: RunView, close: boolean): void {
  const { damaged, seq, rows } = run;
  const open = rows.filter((row) => row.kind === "job" && row.to === undefined);
  const again = open.map((row) => (row.kind === "job" ? row.jobType : "")).join(", ");
  const goesOn = [
    `With --apply it goes on at event ${seq}, and what its history says after that counts as never having happened.`,
    ...(again === "" ? [] : [`Sent to workers again, with the same idempotency keys: ${again}.`]),
    "With --close --apply it ends instead; nothing is undone.",
  ];
  const ends = ["With --apply it ends; nothing is undone."];
  printLine(
    plain(
      [
        `${run.runId}  ${run.workflow}`,
        `Found: ${damaged?.found ?? ""}.`,
        seq === 0
          ? "There is no good event to go on at: it can only be closed."
          : `Its last good event is ${seq}.`,
        ...(close || seq === 0 ? ends : goesOn),
        "Nothing was changed.",
      ].join("\n"),
    ),
  );
}

async function listDamaged(api: Api, { json, apply }: Options): Promise<void> {
  if (apply) throw new CommandFailure("usage", "--apply needs the run's id: one run at a time.");
  const rows: string[][] = [];
  const damaged: RunSummary[] = [];
  let cursor: string | undefined;
  do {
    const page = await api.runs.list.query({
      filter: { status: ["stuck"] },
      limit: 200,
      ...(cursor !== undefined && { cursor }),
    });
    for (const run of page.runs) {
      if (run.damaged === undefined) continue;
      damaged.push(run);
      rows.push([
        run.runId,
        run.workflow,
        ago(run.damaged.since, Date.now()),
        String(run.seq),
        run.damaged.found,
      ]);
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
  if (json) return printJson(damaged);
  printLine(
    rows.length === 0
      ? "No run is set aside."
      : table(["RUN", "WORKFLOW", "SINCE", "GOOD TO", "FOUND"], rows),
  );
}
