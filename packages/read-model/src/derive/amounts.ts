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

/** Of which payload there are more, as it is kept. */
export const cutGiven = 1;
export const cutGave = 2;

export interface KeptAmounts {
  /** JSON; nothing where there are none. */
  readonly json: string | undefined;
  /** There are more, or may be: whether a run has a number that isn't kept, nobody can say. */
  readonly isCut: boolean;
}

/** Of what a run was given (`run`) or gave (`output`): what stands least deep first. */
export function keptAmounts(root: Payloads, json: string): KeptAmounts {
  const { found, isCut } = searched(root, json);
  const kept: Amount[] = [];
  let length = 2;
  for (const amount of found) {
    length += JSON.stringify(amount).length + 1;
    if (length > mostKept) break;
    kept.push(amount);
  }
  return {
    json: kept.length === 0 ? undefined : JSON.stringify(kept),
    isCut: isCut || kept.length < found.length,
  };
}

/** The numbers in a payload. Those in lists are left out: which of them is meant, no path could say for all. */
function amountsIn(root: Payloads, json: string): readonly Amount[] {
  return searched(root, json).found;
}

function searched(root: Payloads, json: string): { readonly found: Amount[]; readonly isCut: boolean } {
  const found: Amount[] = [];
  let isCut = false;
  let level: (readonly [value: unknown, path: string])[] = [[parsed(json), root]];
  for (let depth = 0; level.length > 0; depth++) {
    const next: typeof level = [];
    for (const [value, path] of level) {
      if (value instanceof NumberText) {
        if (exactOf(value.text) === undefined) continue;
        if (found.length >= mostAmounts || path.length > longestPath || depth > deepest) isCut = true;
        else found.push([path, value.text]);
      } else if (typeof value === "object" && value !== null && !Array.isArray(value)) {
        if (found.length >= mostAmounts || path.length > longestPath || depth > deepest) isCut = true;
        else
          for (const [name, part] of Object.entries(value))
            if (typeof part === "object") next.push([part, `${path}.${escaped(name)}`]);
      }
    }
    level = next;
  }
  return { found, isCut };
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
