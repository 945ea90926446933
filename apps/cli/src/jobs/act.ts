import type { ActionView } from "@downbeat/api/views";
import { Command } from "commander";
import { type Api, ask } from "../api/client.ts";
import { awaitOutcome, reportOutcome, sendAction } from "../api/outcome.ts";
import { CommandFailure } from "../failure.ts";
import { jsonInput } from "../input/json-input.ts";
import { type ActionOptions, waitOption, withAction } from "../input/options.ts";

interface JobAction {
  readonly runId: string;
  readonly jobId: string;
  readonly reason: string;
  readonly actionId: string;
}

interface Options extends ActionOptions {
  readonly wait: number;
  readonly input?: string;
  readonly inputFile?: string;
  readonly output?: string;
  readonly outputFile?: string;
}

const retryWaitSeconds = 30;
const answerWithinSeconds = 10;

export function retryCommand(): Command {
  return jobAction(
    "retry",
    "Give a job that is stuck or waits for a worker a new set of attempts",
    async (api, action, options) => {
      const input = await jsonInput({ value: options.input, file: options.inputFile });
      return api.jobs.retry.mutate({ ...action, ...(input !== undefined && { input }) });
    },
  )
    .option("--input <json>", "a different input; - reads it from standard input")
    .option("--input-file <path>", "the same, from a file")
    .addOption(waitOption("seconds to wait for the outcome", retryWaitSeconds));
}

export function runNowCommand(): Command {
  return jobAction("run-now", "Start the next attempt now instead of after the back-off", (api, action) =>
    api.jobs.runNow.mutate(action),
  ).addOption(waitOption("seconds to wait for the outcome", retryWaitSeconds));
}

export function cancelJobCommand(): Command {
  return jobAction("cancel", "Cancel a job; the run's code sees it as cancelled", (api, action) =>
    api.jobs.cancel.mutate(action),
  );
}

export function completeCommand(): Command {
  return jobAction("complete", "Complete a job by hand with a result", async (api, action, options) => {
    const output = await jsonInput({ value: options.output, file: options.outputFile });
    if (output === undefined)
      throw new CommandFailure("usage", "Give the result with --output or --output-file.");
    return api.jobs.complete.mutate({ ...action, output });
  })
    .option("--output <json>", "the result; - reads it from standard input")
    .option("--output-file <path>", "the same, from a file");
}

function jobAction(
  name: string,
  description: string,
  send: (api: Api, action: JobAction, options: Options) => Promise<ActionView>,
): Command {
  const command = new Command(name)
    .description(description)
    .argument("<runId>")
    .argument("<jobId>", "such as j3");
  return withAction(command).action(async (runId: string, jobId: string, options: Options) => {
    const { reason, actionId, json, wait = answerWithinSeconds } = options;
    await ask(options, async (api) => {
      const sent = await sendAction(actionId, (actionId) =>
        send(api, { runId, jobId, reason, actionId }, options),
      );
      reportOutcome(
        await awaitOutcome(api, sent, wait),
        json,
        `${said[name] ?? "Done:"} ${jobId} of ${runId}.`,
      );
    });
  });
}

const said: Readonly<Record<string, string>> = {
  retry: "Retried",
  "run-now": "Made the next attempt of",
  cancel: "Cancelled",
  complete: "Completed",
};
