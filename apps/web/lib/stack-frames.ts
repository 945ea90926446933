/** A line of a stack, as V8 writes it. */
export interface StackFrame {
  readonly text: string;
  /** What was called, where it has a name. */
  readonly name?: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Written by whoever wrote the job or the workflow: no library, no part of Node.js. */
  readonly isOwn: boolean;
}

const library = /(?:^|[\\/])node_modules[\\/]|^node:|^<anonymous>/;
const digits = /^\d{1,9}$/;

/** Read from its end: names and paths may hold anything, also a colon or a bracket. */
export function frameOf(text: string): StackFrame | undefined {
  const frame = text.trim();
  if (!frame.startsWith("at ")) return undefined;
  const isNamed = frame.endsWith(")");
  const end = isNamed ? frame.length - 1 : frame.length;
  const beforeColumn = frame.lastIndexOf(":", end - 1);
  const beforeLine = frame.lastIndexOf(":", beforeColumn - 1);
  const [line, column] = [frame.slice(beforeLine + 1, beforeColumn), frame.slice(beforeColumn + 1, end)];
  if (beforeLine < 0 || !digits.test(line) || !digits.test(column)) return undefined;
  const bracket = isNamed ? frame.indexOf(" (") : -1;
  const name = bracket < 0 ? "" : frame.slice("at ".length, bracket).replace(/^async /, "");
  const where = frame.slice(bracket < 0 ? "at ".length : bracket + 2, beforeLine).replace(/^async /, "");
  if (where === "") return undefined;
  const file = where.replace(/^file:\/\/(?=\/)/, "");
  return {
    text,
    ...(name !== "" && name !== "<anonymous>" && { name }),
    file,
    line: Number(line),
    column: Number(column),
    isOwn: !library.test(file),
  };
}

/** Where it happened, for whoever wrote the code: the first frame of their own, or else the first of all. */
export function placeOf(stack: string): StackFrame | undefined {
  let first: StackFrame | undefined;
  for (const text of stack.split("\n")) {
    const frame = frameOf(text);
    if (frame?.isOwn === true) return frame;
    first ??= frame;
  }
  return first;
}

/** `…/src/hotel.ts:41`: short enough for a line, long enough to know the file. */
export function shortPlace({ file, line }: StackFrame): string {
  const parts = file.split(/[\\/]/);
  return `${parts.length > 3 ? `…/${parts.slice(-3).join("/")}` : file}:${line}`;
}
