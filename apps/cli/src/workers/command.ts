import type { WorkerView } from "@downbeat/api/views";
import { Command } from "commander";
import { ask } from "../api/client.ts";
import { type ExportOptions, exportFormat, withExport } from "../export/export-options.ts";
import { writeList } from "../export/write-list.ts";
import { withApi } from "../input/options.ts";
import { printJson, printLine } from "../output/print.ts";
import { table } from "../output/table.ts";
import { ago } from "../output/words.ts";

export function workersCommand(): Command {
  return withExport(
    withApi(
      new Command("workers").description("List the workers with their builds, jobs, workflows and load"),
    ),
  ).action(listWorkers);
}

async function listWorkers(options: ExportOptions): Promise<void> {
  const format = exportFormat(options);
  if (format !== undefined) return writeList(options, { list: "workers", query: {}, format });
  const answer = await ask(options, (api) => api.workers.list.query());
  if (options.json) return printJson(answer);
  if (answer.workers.length === 0) return printLine("No worker is there.");
  const now = Date.now();
  printLine(
    table(
      ["NAME", "HOST", "BUILD", "STARTED", "LOAD", "JOBS", "WORKFLOWS"],
      answer.workers.map(({ name, host, build, startedAt, jobs, workflows }) => [
        name,
        host,
        build,
        ago(startedAt, now),
        load(jobs),
        jobs.map(({ type, concurrency }) => `${type} (${concurrency})`).join(", "),
        workflows.join(", "),
      ]),
    ),
  );
}

/** Jobs in hand of those that it takes at a time, when it was last heard. */
function load(jobs: WorkerView["jobs"]): string {
  if (jobs.length === 0 || jobs.some(({ inHand }) => inHand === undefined)) return "";
  const inHand = jobs.reduce((sum, job) => sum + (job.inHand ?? 0), 0);
  return `${inHand} of ${jobs.reduce((sum, { concurrency }) => sum + concurrency, 0)}`;
}
