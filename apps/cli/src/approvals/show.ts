import { Command } from "commander";
import { ask } from "../api/client.ts";
import { type ApiOptions, withApi } from "../input/options.ts";
import { printJson, printLine } from "../output/print.ts";
import { carefulLines, standingWords, whatWords } from "./words.ts";

interface Options extends ApiOptions {
  readonly targets: boolean;
}

export function showApprovalCommand(): Command {
  return withApi(
    new Command("show")
      .description("Show one request: what would be done, and whether you may approve it")
      .argument("<request>", "its id in approvals list")
      .option("--targets", "for a bulk action, list each job or run it would act on", false),
  ).action(showApproval);
}

async function showApproval(id: string, options: Options): Promise<void> {
  await ask(options, async (api) => {
    const request = await api.approvals.get.query({ id });
    const targets: { readonly runId: string; readonly jobId?: string }[] = [];
    if (options.targets && request.targets !== undefined) {
      let cursor: number | undefined;
      do {
        const page = await api.approvals.targets.query({ id, ...(cursor !== undefined && { cursor }) });
        targets.push(...page.targets);
        cursor = page.cursor;
      } while (cursor !== undefined);
    }
    if (options.json) return printJson(options.targets ? { ...request, targetList: targets } : request);
    printLine(whatWords(request));
    printLine(`Asked for by ${request.requestedBy}: ${request.reason}`);
    if (request.output !== undefined) printLine(`With: ${request.output}`);
    for (const line of carefulLines(request)) printLine(line);
    printLine(`It ${standingWords(request)}.`);
    if (request.decision !== undefined && request.decision.reason !== "")
      printLine(`${request.decision.by}: ${request.decision.reason}`);
    if (request.status === "waiting") printLine(request.refusal ?? "You may approve or reject it.");
    for (const { runId, jobId } of targets) printLine(jobId === undefined ? runId : `${runId} ${jobId}`);
  });
}
