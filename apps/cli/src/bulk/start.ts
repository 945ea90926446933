import type { BulkPreview, BulkVerb } from "@downbeat/api/views";
import { Command } from "commander";
import { type Api, ask } from "../api/client.ts";
import { awaitOutcome, reportOutcome, sendAction } from "../api/outcome.ts";
import { CommandFailure } from "../failure.ts";
import { type ActionOptions, number, whole, withAction } from "../input/options.ts";
import { printJson, printLine } from "../output/print.ts";

interface Options extends ActionOptions {
  readonly cause?: string;
  readonly type?: string;
  readonly workflow?: string;
  readonly canary: number;
  readonly mostFailed: number;
  readonly perMinute?: number;
  readonly dryRun: boolean;
}

const answerWithinSeconds = 10;
const verbs = {
  "retry-jobs": "retryJob",
  "cancel-jobs": "cancelJob",
  "resume-runs": "resumeRun",
  "cancel-runs": "cancelRun",
  "terminate-runs": "terminateRun",
  "run-again": "runAgain",
} as const satisfies Record<string, BulkVerb>;

type Selection = Parameters<Api["bulk"]["preview"]["query"]>[0]["selection"];

export function startBulkCommand(): Command {
  return withAction(
    new Command("start")
      .description("Count the targets exactly and act on all of them; it continues on its own")
      .argument("<what>", Object.keys(verbs).join(", "))
      .option(
        "--cause <id>",
        "everything with this cause, as named by attention; not with --type or --workflow",
      )
      .option("--type <name>", "all stuck jobs of this job type")
      .option("--workflow <name>", "of this workflow: its stuck jobs, or its runs")
      .option(
        "--canary <number>",
        "how many to try first, waiting for their outcomes; 0 for none",
        whole(0, 100),
        5,
      )
      .option(
        "--most-failed <percent>",
        "put it on hold if more than this share of them fails",
        number(0, 100),
        20,
      )
      .option("--per-minute <number>", "how many a minute at most", whole(1, 100_000))
      .option("--dry-run", "only show what it would act on", false),
  ).action(startBulk);
}

async function startBulk(what: string, options: Options): Promise<void> {
  const verb = Object.entries(verbs).find(([name]) => name === what)?.[1];
  if (verb === undefined)
    throw new CommandFailure("usage", `There is no ${what}: say one of ${Object.keys(verbs).join(", ")}.`);
  const selection = selectionOf(verb, options);
  const { canary, mostFailed, perMinute, reason, dryRun, json } = options;
  await ask(options, async (api) => {
    const preview = await api.bulk.preview.query({ verb, selection });
    if (dryRun) return json ? printJson(preview) : printPreview(preview);
    // Sent before with this id, it has acted on them already: whether it has is for the server to say.
    if (preview.problem !== undefined && options.actionId === undefined)
      throw new CommandFailure("refused", preview.problem);
    const order = {
      verb,
      selection,
      reason,
      about: options.cause ?? [options.type, options.workflow].filter(Boolean).join(" of "),
      ...(canary > 0 && { canary: { size: canary, mostFailed: mostFailed / 100 } }),
      ...(perMinute !== undefined && { perMinute }),
    };
    const sent = await sendAction(options.actionId, (actionId) =>
      api.bulk.start.mutate({ order, asOf: preview.asOf, actionId }),
    );
    const action = await awaitOutcome(api, sent, answerWithinSeconds);
    const { runId } = action;
    reportOutcome(action, json, `Started ${runId} on ${preview.count}. See: downbeat bulk show ${runId}`);
  });
}

function selectionOf(verb: BulkVerb, { cause, type, workflow }: Options): Selection {
  const isOfJobs = verb === "retryJob" || verb === "cancelJob";
  if (cause !== undefined && (type !== undefined || workflow !== undefined))
    throw new CommandFailure(
      "usage",
      "--cause means all of the cause: it can't be narrowed by --type or --workflow.",
    );
  if (!isOfJobs && type !== undefined)
    throw new CommandFailure("usage", "--type is of jobs: runs are chosen by --cause or --workflow.");
  if (cause !== undefined) return { type: "cause", fingerprint: cause };
  if (isOfJobs && (type !== undefined || workflow !== undefined))
    return {
      type: "stuckJobs",
      ...(type !== undefined && { jobType: type }),
      ...(workflow !== undefined && { workflow }),
    };
  if (!isOfJobs && workflow !== undefined) return { type: "runs", filter: { workflow } };
  throw new CommandFailure(
    "usage",
    isOfJobs ? "Say which jobs: --cause, --type or --workflow." : "Say which runs: --cause or --workflow.",
  );
}

function printPreview({ count, lookedAt, notBefore, refusals, problem, needsTwo }: BulkPreview): void {
  printLine(problem ?? `Exactly ${count}.`);
  if (needsTwo !== undefined) printLine(needsTwo);
  if (notBefore !== undefined)
    printLine(`Runs that began before ${new Date(notBefore).toISOString()} are not among them.`);
  if (lookedAt !== undefined) printLine(`Of the first ${lookedAt.toLocaleString("en")}:`);
  for (const { why, count: refused, example } of refusals)
    printLine(`${refused} would be refused: ${why} For example ${example}.`);
}
