import type { RunEvent } from "@downbeat/domain";
import type { Step } from "../fold/run-fold.ts";
import type { Part } from "./run-scan.ts";

/** Fields of events that hold payloads: JSON as it was handed over. */
const payloads: ReadonlySet<string> = new Set(["input", "output", "payload", "details"]);
/** And those that tell of errors. */
const errors: ReadonlySet<string> = new Set(["failure", "message"]);

/** Under this name SQL calls {@link rowHolds}. */
export const rowHoldsFunction = "row_holds";

/** Of a candidate: it is said in one of its steps. */
export function hasContent(content: string): Part {
  return {
    sql: `EXISTS (SELECT 1 FROM steps WHERE run = c.id AND ${rowHoldsFunction}(json, ?, run))`,
    values: [content],
  };
}

/** Of a candidate: its steps are not here any more. */
export const hasNoSteps: Part = { sql: "NOT EXISTS (SELECT 1 FROM steps WHERE run = c.id)", values: [] };

/** Of one row of `steps`. Most rows don't have it, which is seen without parsing them. */
export function rowHolds(json: string, content: string): boolean {
  return mayHold(json, plainPart(content)) && holdsContent(JSON.parse(json) as Step[], content);
}

function mayHold(json: string, part: string): boolean {
  if (foldedContent(json).includes(part)) return true;
  return json.includes("\\u") && foldedContent(withoutCodes(json)).includes(part);
}

/** `\u00fc` as the letter that it stands for, however deep in JSON within JSON. */
function withoutCodes(json: string): string {
  return json.replace(/\\+u([0-9a-f]{4})/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** Whether a payload or an error of the steps has the text in it: as it was written, or as it reads without JSON's escapes. */
export function holdsContent(steps: readonly Step[], content: string): boolean {
  const wanted = foldedContent(content);
  return steps.some(({ events }) => events.some((event) => eventHolds(event, wanted)));
}

/** The longest part of the text that is written the same in every JSON: coarsely, what has the text has this. */
export function plainPart(content: string): string {
  const parts = foldedContent(content).split(/["\\/\u0000-\u001f\u007f\u2028\u2029\ud800-\udfff]+/);
  return parts.reduce((longest, part) => (part.length > longest.length ? part : longest), "");
}

/** Case is ignored. At a word's end a sigma has a form of its own. */
function foldedContent(text: string): string {
  return text.toLowerCase().replaceAll("ς", "σ");
}

function eventHolds(event: RunEvent, wanted: string): boolean {
  return Object.entries(event).some(
    ([name, value]) =>
      (payloads.has(name) && typeof value === "string" && payloadHolds(value, wanted)) ||
      (errors.has(name) && errorHolds(value, wanted)),
  );
}

function errorHolds(value: unknown, wanted: string): boolean {
  if (typeof value === "string") return foldedContent(value).includes(wanted);
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([name, part]) =>
    name === "details" && typeof part === "string" ? payloadHolds(part, wanted) : errorHolds(part, wanted),
  );
}

function payloadHolds(payload: string, wanted: string): boolean {
  if (foldedContent(payload).includes(wanted)) return true;
  return payload.includes("\\") && textsIn(payload).some((text) => foldedContent(text).includes(wanted));
}

/** All texts and names in it, without escapes. */
function textsIn(payload: string): string[] {
  const texts: string[] = [];
  try {
    JSON.parse(payload, (name, value: unknown) => {
      if (typeof value === "string") texts.push(value);
      if (name !== "") texts.push(name);
      return value;
    });
  } catch {
    // Too deep to be read so, or no JSON: it was searched as it is written.
  }
  return texts;
}
