import type { DecideApprovalAnswer } from "@downbeat/api/views";
import { Command } from "commander";
import { type Api, ask } from "../api/client.ts";
import { CommandFailure } from "../failure.ts";
import { type ApiOptions, withApi } from "../input/options.ts";
import { printJson, printLine } from "../output/print.ts";
import { standingWords, whatWords } from "./words.ts";

const request = ["<request>", "its id in approvals list"] as const;

export function approveCommand(): Command {
  return withApi(
    new Command("approve")
      .description("Approve another person's request: the action is carried out at once")
      .argument(...request)
      .option("--reason <text>", "recorded with the approval", ""),
  ).action((id: string, { reason, ...options }: ApiOptions & { readonly reason: string }) =>
    decide(options, async (api) => {
      // What is approved is what is there now; approvals show says what that is.
      const { digest } = await api.approvals.get.query({ id });
      return api.approvals.approve.mutate({ id, digest, reason });
    }),
  );
}

export function rejectCommand(): Command {
  return withApi(
    new Command("reject")
      .description("Reject another person's request: nothing is done")
      .argument(...request)
      .requiredOption("--reason <text>", "the reason, shown to the person who asked"),
  ).action((id: string, { reason, ...options }: ApiOptions & { readonly reason: string }) =>
    decide(options, (api) => api.approvals.reject.mutate({ id, reason })),
  );
}

export function withdrawCommand(): Command {
  return withApi(
    new Command("withdraw").description("Withdraw your own request").argument(...request),
  ).action((id: string, options: ApiOptions) =>
    decide(options, (api) => api.approvals.withdraw.mutate({ id })),
  );
}

async function decide(
  options: ApiOptions,
  decision: (api: Api) => Promise<DecideApprovalAnswer>,
): Promise<void> {
  const { outcome, request } = await ask(options, decision);
  if (outcome === "conflict")
    throw new CommandFailure("refused", `Somebody else was quicker: it ${standingWords(request)}.`);
  const { status, execution } = request;
  if (options.json) printJson(request);
  if (status === "executed" && execution?.outcome.is === "refused")
    throw new CommandFailure("refused", `It was approved, and refused: ${execution.outcome.why ?? ""}`);
  if (!options.json) printLine(`${whatWords(request)}: ${standingWords(request)}.`);
}
