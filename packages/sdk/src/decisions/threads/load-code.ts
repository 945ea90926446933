import { setTimeout as pause } from "node:timers/promises";
import { definedAt } from "../../definitions/definitions.ts";
import { thrownText } from "../../thrown/read-thrown.ts";
import type { AnyWorkflow } from "../../workflow.ts";
import { isWorkflow } from "./options.ts";
import type { CodeSource, WantedWorkflow } from "./thread-messages.ts";

export interface LoadedCode {
  readonly workflows: ReadonlyMap<string, AnyWorkflow>;
  readonly missing: readonly { readonly name: string; readonly reason: string }[];
}

/**
 * For how long a module may go on loading once everything that is wanted from it is defined. A file that also connects to the log never finishes here: what it
 * connects with stands still in a decision thread.
 */
const lingerMs = 300;
/** For how long a module whose exports are wanted may take. */
const exportsMs = 10_000;

/**
 * Loads workflow code into this thread.
 *
 * @param defined grows as `workflow()` is called here
 * @throws Error with a sentence for the module's author
 */
export async function loadCode(source: CodeSource, defined: readonly AnyWorkflow[]): Promise<LoadedCode> {
  if (source.type === "module") return { workflows: await exported(source.url, defined), missing: [] };
  const found = new Map<string, AnyWorkflow>();
  const missing: { name: string; reason: string }[] = [];
  const troubles = new Map<string, string>();
  for (const wanted of source.wanted) {
    for (const file of wanted.files) {
      if (definitionOf(wanted, defined) !== undefined) break;
      if (troubles.has(file)) continue;
      const trouble = await imported(file, () => definitionOf(wanted, defined) !== undefined);
      troubles.set(file, trouble ?? `it is not defined when ${shownFile(file)} is imported`);
    }
    const definition = definitionOf(wanted, defined);
    if (definition !== undefined) found.set(wanted.name, definition);
    else
      missing.push({
        name: wanted.name,
        reason: troubles.get(wanted.files[0] ?? "") ?? "nothing says which file it is defined in",
      });
  }
  return { workflows: found, missing };
}

/** @returns why it could not be imported */
async function imported(file: string, isEnough: () => boolean): Promise<string | undefined> {
  let trouble: string | undefined;
  let isOver = false;
  const importing = import(file).then(
    () => {
      isOver = true;
    },
    (error: unknown) => {
      isOver = true;
      trouble = `${shownFile(file)} could not be imported: ${firstLine(thrownText(error))}`;
    },
  );
  let enoughFor = 0;
  for (let waited = 0; !isOver && enoughFor < lingerMs && waited < exportsMs; waited += tickMs) {
    await Promise.race([importing, pause(tickMs)]);
    if (isEnough()) enoughFor += tickMs;
  }
  return trouble;
}

const tickMs = 20;

function definitionOf(
  { name, files, line }: WantedWorkflow,
  defined: readonly AnyWorkflow[],
): AnyWorkflow | undefined {
  const named = defined.filter((workflow) => workflow.name === name);
  if (named.length <= 1) return named[0];
  return named.find((workflow) => {
    const place = definedAt(workflow);
    return place?.file === files[0] && place?.line === line;
  });
}

async function exported(
  url: string,
  defined: readonly AnyWorkflow[],
): Promise<ReadonlyMap<string, AnyWorkflow>> {
  const importing: Promise<Record<string, unknown>> = import(url).catch((error: unknown) => {
    throw new Error(`${shownFile(url)} could not be imported: ${firstLine(thrownText(error))}`);
  });
  const module = await Promise.race([importing, pause(exportsMs)]);
  // It never finishes, since it also waits for the log: then what it has defined is taken for what it exports.
  const workflows = module === undefined ? defined : Object.values(module).flat().filter(isWorkflow);
  const byName = new Map<string, AnyWorkflow>();
  for (const workflow of workflows) {
    const known = byName.get(workflow.name);
    if (known !== undefined && known !== workflow)
      throw new Error(`${shownFile(url)} exports two workflows named ${workflow.name}.`);
    byName.set(workflow.name, workflow);
  }
  if (byName.size > 0) return byName;
  const names = module === undefined ? [] : Object.keys(module);
  throw new Error(
    `${shownFile(url)} exports no workflow. ${names.length === 0 ? "It exports nothing." : `It exports ${names.slice(0, 10).join(", ")}.`} A workflow is what workflow() returns; an array of them will do.`,
  );
}

function shownFile(url: string): string {
  return url.startsWith("file:") ? decodeURIComponent(new URL(url).pathname) : url;
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? text;
}
