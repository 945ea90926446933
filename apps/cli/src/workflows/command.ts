import type { JsonSchema, KnownWorkflowView, LeftOutView } from "@downbeat/api/views";
import { Command } from "commander";
import { ask } from "../api/client.ts";
import { CommandFailure } from "../failure.ts";
import { type ApiOptions, withApi } from "../input/options.ts";
import { plain, printJson, printLine } from "../output/print.ts";
import { table } from "../output/table.ts";
import { ago } from "../output/words.ts";

export function workflowsCommand(): Command {
  return withApi(
    new Command("workflows")
      .description("List workflows that workers announced; with a name, show its input and signals")
      .argument("[workflow]"),
  ).action(showWorkflows);
}

async function showWorkflows(name: string | undefined, options: ApiOptions): Promise<void> {
  const answer = await ask(options, (api) => api.catalogue.workflows.query());
  if (name === undefined) return list(answer.workflows, options.json);
  const known = answer.workflows.find(({ workflow }) => workflow === name);
  if (known === undefined)
    throw new CommandFailure("notFound", `No worker has announced a workflow ${name}.`);
  if (options.json) return printJson(known);
  show(known);
}

function list(workflows: readonly KnownWorkflowView[], json: boolean | undefined): void {
  if (json) return printJson({ workflows });
  if (workflows.length === 0) return printLine("No worker has announced a workflow.");
  const now = Date.now();
  printLine(
    table(
      ["NAME", "WORKERS", "BUILD", "ANNOUNCED", "INPUT", "SIGNALS"],
      workflows.map(({ workflow, workers, build, announcedAt, input, signals = {} }) => [
        workflow,
        `${workers}`,
        build,
        ago(announcedAt, now),
        input === undefined ? "anything" : fieldsOf(input),
        Object.keys(signals).join(", "),
      ]),
    ),
  );
}

/** Names of what it takes at its top, `?` behind what may be missing. */
function fieldsOf({ properties, required, type }: JsonSchema): string {
  if (typeof properties !== "object" || properties === null)
    return typeof type === "string" ? type : "see its schema";
  const needed = Array.isArray(required) ? required : [];
  return Object.keys(properties)
    .map((name) => (needed.includes(name) ? name : `${name}?`))
    .join(", ");
}

function show({ workflow, workers, input, output, signals = {}, leftOut = [] }: KnownWorkflowView): void {
  printLine(
    `${workflow}: ${workers === 0 ? "no worker is there" : workers === 1 ? "one worker" : `${workers} workers`}`,
  );
  const shown: readonly (readonly [of: string, title: string, schema: JsonSchema | undefined])[] = [
    ["input", "Input", input],
    ...Object.entries(signals).map(([name, schema]) => [`signal ${name}`, `Signal ${name}`, schema] as const),
    ["output", "Output", output],
  ];
  for (const [of, title, schema] of shown) {
    const left = leftOut.find((one) => one.of === of);
    if (schema === undefined && left === undefined) printLine(`\n${title}: anything`);
    else {
      printLine(`\n${title}:${left === undefined ? "" : ` ${leftOutWords(left)}`}`);
      if (schema !== undefined) printJson(schema);
    }
  }
  for (const left of leftOut.filter(({ of }) => shown.every(([one]) => one !== of)))
    printLine(`\n${plain(left.of)}: ${leftOutWords(left)}`);
}

function leftOutWords({ why, places = [] }: LeftOutView): string {
  switch (why) {
    case "tooLarge":
      return "its schema is too large to be announced; only workers check it.";
    case "notJson":
      return "its schema can't be said as JSON Schema; only workers check it.";
    case "partly":
      return `workers check more than JSON Schema can say of ${plain(places.join(", "))}.`;
  }
}
