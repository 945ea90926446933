import { pathToFileURL } from "node:url";

/** Where `workflow()` was called. */
export interface DefinitionPlace {
  /** As `file:` URL. */
  readonly file: string;
  readonly line: number;
  /** The file and those that called into it, the nearest first: one of them defines the workflow when it is imported. */
  readonly files: readonly string[];
}

const mostFrames = 30;
const mostFiles = 4;

/** @param below the function that was called there: frames above its caller don't count */
export function definitionPlace(below: (...args: never[]) => unknown): DefinitionPlace | undefined {
  const frames = placesIn(stackBelow(below));
  const [first] = frames;
  if (first === undefined) return undefined;
  return { ...first, files: [...new Set(frames.map(({ file }) => file))].slice(0, mostFiles) };
}

/** The files and lines that a stack tells, the innermost first; what is Node's own isn't among them. */
export function placesIn(stack: string): readonly Pick<DefinitionPlace, "file" | "line">[] {
  return stack.split("\n").flatMap((line) => placeIn(line) ?? []);
}

function stackBelow(below: (...args: never[]) => unknown): string {
  const { stackTraceLimit } = Error;
  const holder: { stack?: unknown } = {};
  try {
    Error.stackTraceLimit = mostFrames;
    Error.captureStackTrace(holder, below);
    return String(holder.stack);
  } catch {
    // A program that has its own idea of stacks, or has frozen `Error`.
    return "";
  } finally {
    try {
      Error.stackTraceLimit = stackTraceLimit;
    } catch {
      // As above.
    }
  }
}

// at name (file:///place.ts:3:14), at file:///place.ts:3:14, at /place.ts:3:14, at C:\place.ts:3:14
const frame = /^\s*at (?:.*\()?((?:file:\/\/|\/|[A-Za-z]:[\\/]).*?):(\d+):\d+\)?$/;

function placeIn(line: string): { readonly file: string; readonly line: number } | undefined {
  const [, place, number] = frame.exec(line) ?? [];
  if (place === undefined || number === undefined) return undefined;
  try {
    return {
      file: new URL(place.startsWith("file:") ? place : pathToFileURL(place)).href,
      line: Number(number),
    };
  } catch {
    return undefined;
  }
}
