import { exactOf, type Labels, type RunEvent } from "@downbeat/domain";
import type { Step } from "../fold/run-fold.ts";

/** A number, as it is written, and where it stands: `input.price.cents`, `label.amount`. */
export type Amount = readonly [path: string, text: string];

/** `input`: what the undo is given. `output`: what the job gave that it undoes. `run`: what the run was given. */
type Payloads = "input" | "output" | "run";

const mostAmounts = 40;
const longestPath = 200;
const deepest = 8;

/** A name within a path: its dots are no borders. */
function escaped(name: string): string {
  return name.replace(/[\\.]/g, String.raw`\$&`);
}

/** So much is kept of each payload's numbers. */
const mostKept = 1_500;

/** Of what a run was given (`run`) or gave (`output`), as they are kept; nothing where there are none. */
export function keptAmounts(root: Payloads, json: string): string | undefined {
  const kept: Amount[] = [];
  let length = 2;
  for (const amount of amountsIn(root, json)) {
    length += JSON.stringify(amount).length + 1;
    if (length > mostKept) break;
    kept.push(amount);
  }
  return kept.length === 0 ? undefined : JSON.stringify(kept);
}

/** The numbers in a payload. Those in lists are left out: which of them is meant, no path could say for all. */
function amountsIn(root: Payloads, json: string): Amount[] {
  const found: Amount[] = [];
  const visit = (value: unknown, path: string, depth: number): void => {
    if (found.length >= mostAmounts || path.length > longestPath || depth > deepest) return;
    if (value instanceof NumberText) {
      if (exactOf(value.text) !== undefined) found.push([path, value.text]);
      return;
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) return;
    for (const [name, part] of Object.entries(value)) visit(part, `${path}.${escaped(name)}`, depth + 1);
  };
  visit(parsed(json), root, 0);
  return found;
}

/** Labels are text: those that are numbers. */
export function amountsOfLabels(labels: Labels): Amount[] {
  return Object.entries(labels).flatMap(([key, value]): Amount[] => {
    const text = value.trim();
    return exactOf(text) === undefined ? [] : [[pathOfLabel(key), text]];
  });
}

export function pathOfLabel(key: string): string {
  return `label.${escaped(key)}`;
}

export function isOfLabel(path: string): boolean {
  return path.startsWith("label.");
}

/** Of each of these compensations, the numbers in what it is about; found in all of the run's steps. */
export function amountsOfUndos(
  steps: Iterable<Step>,
  compensationIds: ReadonlySet<string>,
): ReadonlyMap<string, readonly Amount[]> {
  const registered = new Map<string, Extract<RunEvent, { type: "CompensationRegistered" }>>();
  const outputs = new Map<string, string>();
  let input: string | undefined;
  for (const { events } of steps) {
    for (const event of events) {
      if (event.type === "RunStarted") input = event.input;
      else if (event.type === "JobCompleted") outputs.set(event.jobId, event.output);
      else if (event.type === "CompensationRegistered" && compensationIds.has(event.compensationId))
        registered.set(event.compensationId, event);
    }
  }
  const ofRun = input === undefined ? [] : amountsIn("run", input);
  const amounts = new Map<string, readonly Amount[]>();
  for (const [compensationId, { input: given, undoes }] of registered) {
    const receipt = undoes === undefined ? undefined : outputs.get(undoes);
    const ofReceipt = receipt === undefined ? [] : amountsIn("output", receipt);
    amounts.set(compensationId, [...amountsIn("input", given), ...ofReceipt, ...ofRun]);
  }
  return amounts;
}

/** A number that keeps its digits. */
class NumberText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

function parsed(json: string): unknown {
  const keepDigits = (_key: string, value: unknown, context?: { readonly source?: string }): unknown =>
    typeof value === "number" ? new NumberText(context?.source ?? String(value)) : value;
  try {
    return JSON.parse(json, keepDigits);
  } catch {
    // Nested too deeply, or none of ours.
    return undefined;
  }
}
