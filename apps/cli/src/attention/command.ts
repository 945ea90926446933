import type { AttentionList } from "@downbeat/api/views";
import { plural } from "@downbeat/domain";
import { Command } from "commander";
import { ask } from "../api/client.ts";
import { standingWords } from "../cause/words.ts";
import { type ExportOptions, exportFormat, withExport } from "../export/export-options.ts";
import { writeList } from "../export/write-list.ts";
import { whole, withApi } from "../input/options.ts";
import { printJson, printLine } from "../output/print.ts";
import { table } from "../output/table.ts";
import { ago, freshnessNote, shortId } from "../output/words.ts";

interface Options extends ExportOptions {
  readonly cause?: string;
  readonly limit: number;
  readonly cursor?: string;
  readonly wide: boolean;
}

export function attentionCommand(): Command {
  return withExport(
    withApi(
      new Command("attention")
        .description(
          "What needs a person, by cause: stuck jobs and runs, and work that waits for a worker or an engine that is not there",
        )
        .option("--cause <id>", "list what belongs to this cause, oldest first")
        .option("--limit <number>", "how many of them to show at most", whole(1, 200), 20)
        .option("--cursor <text>", "the next page: the cursor from the previous answer")
        .option("--wide", "don't shorten ids", false),
    ),
  ).action(showAttention);
}

async function showAttention(options: Options): Promise<void> {
  const { cause, limit, cursor, json } = options;
  const format = exportFormat(options);
  if (format !== undefined)
    return writeList(options, {
      list: "attention",
      query: cause === undefined ? {} : { fingerprint: cause },
      format,
    });
  const answer = await ask(options, (api) =>
    api.attention.list.query({
      limit,
      ...(cause !== undefined && { fingerprint: cause }),
      ...(cursor !== undefined && { cursor }),
    }),
  );
  if (json) return printJson(answer);
  if (cause === undefined) printCauses(answer);
  else printItems(answer, options.wide || process.stdout.isTTY !== true);
  const note = freshnessNote(answer.freshness);
  if (note !== undefined) printLine(`\n${note}`);
}

function printCauses({ runs, causes, groups, setAside, marksUnread }: AttentionList): void {
  if (marksUnread === true)
    printLine("What people have said of causes can't be read from the log now: nothing is set aside.\n");
  if (groups.length === 0) return printLine("Nothing waits for a person.");
  const now = Date.now();
  const open = runs - setAside.runs;
  const aside = setAside.causes === 0 ? "" : ` Set aside: ${plural(setAside.causes, "cause")}.`;
  printLine(
    `${plural(open, "run needs a person", "runs need a person")}: ${plural(causes - setAside.causes, "cause")}.${aside}\n`,
  );
  const isAside = ({ standing }: AttentionList["groups"][number]) =>
    standing === "muted" || standing === "resolved";
  printLine(
    table(
      ["CAUSE", "WHERE", "ITEMS", "RUNS", "FIRST SEEN", "OLDEST", "SAID", "WHAT"],
      // What nobody need be told of comes last.
      groups
        .toSorted((one, other) => Number(isAside(one)) - Number(isAside(other)))
        .map(({ fingerprint, jobType, workflow, kind, count, runs: of, errorName, message, ...more }) => [
          fingerprint,
          jobType ?? workflow ?? kind,
          String(count),
          String(of),
          ago(more.firstSeen, now),
          ago(more.oldest, now),
          standingWords(more.standing, more.mark) || (more.mark?.note === undefined ? "" : "noted"),
          kind === "job" || kind === "code" ? `${errorName}: ${message}` : message,
        ]),
    ),
  );
}

function printItems({ items, cursor }: AttentionList, wholeIds: boolean): void {
  if (items.length === 0) return printLine("Nothing falls under this cause.");
  const now = Date.now();
  printLine(
    table(
      ["RUN", "WORKFLOW", "JOB", "TYPE", "SINCE", "WHAT"],
      items.map(({ runId, workflow, job, since, failure }) => [
        shortId(runId, wholeIds),
        workflow,
        job?.jobId ?? "",
        job?.jobType ?? "",
        ago(since, now),
        `${failure.name}: ${failure.message}`,
      ]),
    ),
  );
  if (cursor !== undefined) printLine(`\nNext page: --cursor ${cursor}`);
}
