import type { RunView } from "@downbeat/api/views";
import { Command, Option } from "commander";
import { type Api, ask } from "../api/client.ts";
import { awaitOutcome, reportOutcome, sendAction } from "../api/outcome.ts";
import { CommandFailure } from "../failure.ts";
import { jsonInput } from "../input/json-input.ts";
import { type ApiOptions, actionIdOption, label, waitOption, withApi } from "../input/options.ts";
import { printJson, printLine } from "../output/print.ts";
import { duration } from "../output/words.ts";
import { savedInput } from "./saved-input.ts";

interface Options extends ApiOptions {
  readonly input?: string;
  readonly inputFile?: string;
  readonly saved?: string;
  readonly runId?: string;
  readonly label?: Record<string, string>;
  readonly ifExists: "use" | "fail";
  readonly actionId?: string;
  readonly wait: number;
}

const answerWithinSeconds = 10;

export function startRunCommand(): Command {
  return withApi(
    new Command("start")
      .description("Start a run")
      .argument("<workflow>")
      .option("--input <json>", "the input; - reads it from standard input")
      .option("--input-file <path>", "the same, from a file; - reads it from standard input")
      .option("--saved <name>", "an input saved on the dashboard, by name or id")
      .option(
        "--run-id <id>",
        "id of the run, such as an order number; starting it again with the same input is harmless",
      )
      .option("--label <key=value>", "a label to find it by; repeat for several", label)
      .addOption(
        new Option(
          "--if-exists <what>",
          "what to do if a run with this id, workflow and input exists already",
        )
          .choices(["use", "fail"])
          .default("use"),
      )
      .addOption(actionIdOption()),
  )
    .addOption(waitOption("seconds to wait until the run ends or gets stuck; 0 doesn't wait", 0))
    .action(startRun);
}

async function startRun(workflow: string, options: Options): Promise<void> {
  const given = await jsonInput({ value: options.input, file: options.inputFile });
  const { saved, runId, label: labels, actionId, json } = options;
  if (given !== undefined && saved !== undefined)
    throw new CommandFailure("usage", "Give the input or the name of a saved one, not both.");
  await ask(options, async (api) => {
    const input = saved === undefined ? (given ?? "null") : await savedInput(api, workflow, saved);
    const sent = await sendAction(actionId, (actionId) =>
      api.runs.start.mutate({
        workflow,
        input,
        actionId,
        ...(runId !== undefined && { runId }),
        ...(labels !== undefined && { labels }),
      }),
    );
    const action = await awaitOutcome(api, sent, answerWithinSeconds);
    const existed = action.outcome.type === "existed";
    if (existed && options.ifExists === "fail") {
      if (json) printJson(action);
      throw new CommandFailure(
        "refused",
        `Refused: a run ${action.runId} exists already, with this workflow and input. Nothing was started.`,
      );
    }
    if (options.wait === 0 || !(existed || action.outcome.type === "accepted")) {
      return reportOutcome(action, json, `Started ${action.runId}.`);
    }
    const run = await ended(api, action.runId, options.wait);
    if (json) printJson(run);
    else
      printLine(
        `${run.runId} ${isStuck(run) ? "stuck" : run.status} after ${duration((run.endedAt ?? Date.now()) - run.startedAt)}. ${run.output ?? run.why ?? ""}`,
      );
    if (isStuck(run))
      throw new CommandFailure("refused", `It is stuck and waits for a person: ${run.why ?? "see its page"}`);
    if (run.status === "running")
      throw new CommandFailure("unknownOutcome", `It is still running: ${run.why ?? run.shown}`);
    if (run.status !== "completed")
      throw new CommandFailure("refused", run.why ?? `The run is ${run.status}.`);
  });
}

/** Time alone won't end it. */
function isStuck({ status, shown }: RunView): boolean {
  return status === "running" && shown === "stuck";
}

const pollMs = 250;

async function ended(api: Api, runId: string, seconds: number): Promise<RunView> {
  const until = Date.now() + seconds * 1_000;
  for (;;) {
    const run = await api.runs.get.query({ runId });
    if (run.status !== "running" || isStuck(run) || Date.now() >= until) return run;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
