import { verbWords } from "@downbeat/api/audit-verbs";
import type { AuditEntry, AuditOutcome } from "@downbeat/api/views";
import { Command, InvalidArgumentError, Option } from "commander";
import { ask } from "../api/client.ts";
import { type ExportOptions, exportFormat, withExport } from "../export/export-options.ts";
import { writeList } from "../export/write-list.ts";
import { moment } from "../input/moment.ts";
import { list, whole, withApi } from "../input/options.ts";
import { printJson, printLine } from "../output/print.ts";
import { table } from "../output/table.ts";
import { ago, shortId } from "../output/words.ts";

interface Options extends ExportOptions {
  readonly who?: string;
  readonly verb?: string[];
  readonly on?: string;
  readonly outcome?: AuditOutcome["is"][];
  readonly text?: string;
  readonly from?: number;
  readonly to?: number;
  readonly limit: number;
  readonly wide: boolean;
}

const outcomes = ["done", "refused", "failed", "undecided"] as const satisfies AuditOutcome["is"][];

function outcomeOf(text: string): AuditOutcome["is"] {
  const outcome = outcomes.find((known) => known === text);
  if (outcome === undefined) throw new InvalidArgumentError(`Choose one of ${outcomes.join(", ")}.`);
  return outcome;
}

export function auditCommand(): Command {
  return withExport(
    withApi(
      new Command("audit")
        .description(
          "Who did what, to what, why and with which outcome, newest first; includes refusals and sign-ins",
        )
        .option("--who <text>", "by this person: an id, or part of an id or a name")
        .option("--verb <list>", "such as runs.cancel; separate several with commas", list)
        .option("--on <id>", "on the run, rule, cause or query with this id")
        .addOption(
          new Option("--outcome <outcome>", "with this outcome; repeat for several")
            .choices(outcomes)
            .argParser<AuditOutcome["is"][]>((text, before = []) => [...before, outcomeOf(text)]),
        )
        .option("--text <text>", "with this text anywhere: in a reason, in SQL, in an address")
        .option("--from <time>", "since this time, such as 2026-11-02, or 24h for the last day", (text) =>
          moment(text),
        )
        .option("--to <time>", "before this time", (text) => moment(text))
        .option("--limit <number>", "how many to show at most", whole(1, 500), 20)
        .option("--cursor <text>", "the next page: the cursor from the previous answer")
        .option("--wide", "don't shorten ids", false),
    ),
  ).action(showAudit);
}

async function showAudit(options: Options): Promise<void> {
  const format = exportFormat(options);
  if (format !== undefined) return writeList(options, { list: "audit", query: queryOf(options), format });
  const { limit, cursor } = options;
  const answer = await ask(options, (api) =>
    api.audit.list.query({ limit, ...queryOf(options), ...(cursor !== undefined && { cursor }) }),
  );
  if (options.json) return printJson(answer);
  const now = Date.now();
  const wholeIds = options.wide || process.stdout.isTTY !== true;
  const rows = answer.entries.map((entry) => [
    ago(entry.at, now),
    entry.who.name === "" ? entry.who.id || "somebody unknown" : entry.who.name,
    `${verbWords(entry.verb)}${entry.times === undefined ? "" : ` × ${entry.times}`}`,
    entry.on.map(({ id }) => shortId(id, wholeIds)).join(" "),
    entry.outcome.is,
    reasonOf(entry),
  ]);
  if (rows.length === 0) printLine("No entry matches.");
  else printLine(table(["WHEN", "WHO", "WHAT", "ON", "OUTCOME", "WHY"], rows));
  if (answer.cursor !== undefined) printLine(`\nNext page: --cursor ${answer.cursor}`);
  if (answer.isBehind) printLine("\nThe log is still being read: newer entries are missing.");
  const left = answer.newer + answer.unreadable;
  if (left > 0) printLine(`\n${left} not shown: written by a newer version, or not readable.`);
}

function queryOf({ who, verb, on, outcome, text, from, to }: Options) {
  return {
    ...(who !== undefined && { who }),
    ...(verb !== undefined && { verb }),
    ...(on !== undefined && { on }),
    ...(outcome !== undefined && { outcome }),
    ...(text !== undefined && { text }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
}

function reasonOf({ outcome, why, sql }: AuditEntry): string {
  return (outcome.why ?? why ?? sql ?? "").replaceAll(/\s+/g, " ");
}
