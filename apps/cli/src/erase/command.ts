import type { RunSummary } from "@downbeat/api/views";
import { payloadSubject } from "@downbeat/protocol";
import { Command, Option } from "commander";
import { type Api, ask } from "../api/client.ts";
import { CommandFailure } from "../failure.ts";
import { type ApiOptions, label, withApi } from "../input/options.ts";
import { printJson, printLine } from "../output/print.ts";
import { read } from "../payload-keys/key-file.ts";
import { eraseKeys, keysOf } from "./erase-keys.ts";

interface Options extends ApiOptions {
  readonly label: Readonly<Record<string, string>>;
  readonly keys?: string;
  readonly reason?: string;
  readonly yes: boolean;
}

/** What of runs is looked at to say how many there are. */
const pageSize = 500;
const mostCounted = 10_000;

const stays = [
  "labels and ids of runs, names of workflows, jobs and signals, and all times",
  "messages of errors, unless they are encrypted too, and reasons that people gave",
  "runs that were started before payloads were encrypted, or without the label",
  "what was exported or copied from the dashboard, and what services and log files have",
  "every other copy of the keys: other files, backups of this one, what a key service keeps",
];

export function eraseCommand(): Command {
  return withApi(
    new Command("erase")
      .description(
        "Erase a person's keys, so that nobody can read what they encrypted; shows first what that covers",
      )
      .requiredOption("--label <key=value>", "the label whose keys to erase", (text) => label(text))
      .addOption(
        new Option("--keys <file>", "the file of payload keys that workers and clients use").env(
          "DOWNBEAT_PAYLOAD_KEYS_FILE",
        ),
      )
      .option("--reason <text>", "the reason, recorded in the audit with your name")
      .option("--yes", "do it, instead of only showing what it would do", false),
  ).action(erase);
}

async function erase({ label: whose, keys: file, reason, yes, ...options }: Options): Promise<void> {
  if (file === undefined || file === "")
    throw new CommandFailure("usage", "Say which file: --keys, or DOWNBEAT_PAYLOAD_KEYS_FILE.");
  const [[name = "", value = ""] = []] = Object.entries(whose);
  const subject = payloadSubject(name, value);
  const found = keysOf(read(file), subject);
  if (found.length === 0)
    throw new CommandFailure(
      "notFound",
      `There is no key of ${subject} in ${file}: nothing is to be erased.`,
    );
  if (yes && reason === undefined) throw new CommandFailure("usage", "Say why: --reason.");
  await ask(options, async (api) => {
    const runs = await withLabel(api, name, value);
    const open = runs.filter(({ endedAt }) => endedAt === undefined);
    // In the audit before it is done: what is gone can't be told afterwards.
    const note = (keys: readonly string[]) =>
      api.payloadKeys.noteErasure.mutate({ subject, keys: [...keys], reason: reason ?? "" });
    const ids = yes ? await eraseKeys({ file, subject, note }) : found;
    const counted = { runs: runs.length, open: open.map(({ runId }) => runId) };
    if (options.json) return printJson({ subject, keys: ids, ...counted, erased: yes, stays });
    for (const line of lines({ subject, ids, runs, open, yes })) printLine(line);
  });
}

interface Told {
  readonly subject: string;
  readonly ids: readonly string[];
  readonly runs: readonly RunSummary[];
  readonly open: readonly RunSummary[];
  readonly yes: boolean;
}

function lines({ subject, ids, runs, open, yes }: Told): readonly string[] {
  const count = runs.length >= mostCounted ? `${mostCounted} or more` : `${runs.length}`;
  const shown = open.slice(0, 5).map(({ runId }) => runId);
  return [
    `${yes ? "Erased" : "Would erase"} ${ids.length} key${ids.length === 1 ? "" : "s"} of ${subject}: ${ids.join(", ")}.`,
    `What they encrypted nobody can read ${yes ? "any more" : "then"}: inputs, outputs, signals and details of errors of the runs with that label, of which this server knows ${count}.`,
    ...(open.length === 0
      ? []
      : [
          `${open.length} of them ${open.length === 1 ? "is" : "are"} open, and can't go on: ${shown.join(", ")}${open.length > shown.length ? " …" : ""}. Let them end before, or terminate them.`,
        ]),
    "What stays readable:",
    ...stays.map((each) => `  - ${each}`),
    ...(yes ? [] : ["Nothing was erased. To do it, add --yes and --reason."]),
  ];
}

async function withLabel(api: Api, name: string, value: string): Promise<readonly RunSummary[]> {
  const runs: RunSummary[] = [];
  let cursor: string | undefined;
  do {
    const answer = await api.runs.list.query({
      filter: { labels: { [name]: value } },
      limit: pageSize,
      ...(cursor !== undefined && { cursor }),
    });
    runs.push(...answer.runs);
    cursor = answer.cursor;
  } while (cursor !== undefined && runs.length < mostCounted);
  return runs;
}
