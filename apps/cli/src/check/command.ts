import type { RunList } from "@downbeat/api/views";
import { Command } from "commander";
import { type Api, ask } from "../api/client.ts";
import { CommandFailure } from "../failure.ts";
import { type ApiOptions, whole, withApi } from "../input/options.ts";
import { plain, printJson, printLine, printNote } from "../output/print.ts";
import { Check, type Findings } from "./check.ts";
import { historiesIn } from "./histories-in.ts";
import { loadWorkflows } from "./load-workflows.ts";

interface Options extends ApiOptions {
  readonly workflows: string;
  readonly histories?: string;
  readonly sample?: number;
}

const mostShown = 20;

export function checkCommand(): Command {
  return withApi(
    new Command("check")
      .description("Replay open runs with code that is not deployed yet, and list those that would get stuck")
      .requiredOption("--workflows <file>", "module that exports the workflows")
      .option("--histories <folder>", "check exported histories (*.json) instead of a server's open runs")
      .option("--sample <number>", "how many open runs to check at most, newest first", whole(1, 1_000_000)),
  ).action(check);
}

async function check(options: Options): Promise<void> {
  const { json, histories } = options;
  const all = new Check(await loadWorkflows(options.workflows), (problem) => printNote(plain(problem)));
  try {
    if (histories !== undefined) {
      for (const { name, text } of await historiesIn(histories)) await all.add(name, text);
    } else {
      await ask(options, (api) => checkOpenRuns(api, all, options.sample ?? Number.POSITIVE_INFINITY));
    }
  } finally {
    await all.close();
  }
  const { findings } = all;
  if (json) printJson(findings);
  else printFindings(findings, histories === undefined ? "open run" : "history");
  if (findings.diverging.length + findings.unreadable.length > 0) throw new CommandFailure("failed", "");
}

async function checkOpenRuns(api: Api, all: Check, most: number): Promise<void> {
  let left = most;
  let cursor: string | undefined;
  do {
    const page: RunList = await api.runs.list.query({
      filter: { status: ["running", "waiting", "stuck"] },
      limit: 500,
      ...(cursor !== undefined && { cursor }),
    });
    for (const { runId, workflow } of page.runs.slice(0, left)) {
      if (all.knows(workflow)) await all.add(runId, { runId, events: await eventsOf(api, runId) });
      else all.skip(workflow);
    }
    left -= page.runs.length;
    cursor = page.cursor;
  } while (cursor !== undefined && left > 0);
}

async function eventsOf(api: Api, runId: string): Promise<unknown[]> {
  const all: { readonly seq: number }[] = [];
  for (;;) {
    const page = await api.runs.events.query({ runId, afterSeq: all.at(-1)?.seq ?? 0, limit: 2_000 });
    all.push(...page.events);
    if (page.events.length === 0 || all.length >= page.total) return all;
  }
}

function printFindings(
  { checked, diverging, stuckAlready, unreadable, skipped, pinned }: Findings,
  what: string,
): void {
  for (const { runId, workflow, seq, history, code } of diverging.slice(0, mostShown))
    printLine(
      `${plain(runId)} (${plain(workflow)}), from event ${seq} on\n  history: ${plain(history)}\n  code:    ${plain(code)}`,
    );
  if (diverging.length > mostShown)
    printLine(`and ${count(diverging.length - mostShown)} more; --json has all.`);
  for (const { name, problem } of unreadable) printLine(`${plain(name)} can't be checked: ${plain(problem)}`);
  const whats = what === "history" ? "histories" : `${what}s`;
  printLine(`${count(diverging.length)} of ${count(checked)} ${checked === 1 ? what : whats} would diverge.`);
  if (stuckAlready > 0)
    printLine(`${count(stuckAlready)} more got stuck before, and this code would leave them so.`);
  if (Object.keys(pinned).length > 0)
    printLine(
      `Not checked, since they are pinned to a build and asked of its workers alone: ${counts(pinned)}.`,
    );
  if (Object.keys(skipped).length > 0)
    printLine(`Not checked, since the module has no such workflow: ${counts(skipped)}.`);
  // Last, as it is why the check fails.
  if (unreadable.length > 0)
    printLine(
      `Failed: ${count(unreadable.length)} ${unreadable.length === 1 ? what : whats} can't be checked.`,
    );
}

function counts(runs: Readonly<Record<string, number>>): string {
  return Object.entries(runs)
    .map(([name, number]) => `${plain(name)} (${count(number)})`)
    .join(", ");
}

function count(number: number): string {
  return number.toLocaleString("en");
}
