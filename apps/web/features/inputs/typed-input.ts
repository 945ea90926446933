import { jsonProblem } from "../../lib/json-input.ts";
import { keyOf, type Path, withValueAt } from "./value-at.ts";

/** One value, as the text and as the fields that it is typed into. */
export interface TypedInput {
  readonly text: string;
  /** The text's, or that of the last text that was JSON; `undefined` for nothing. */
  readonly value: unknown;
  /** Places that a person has been at. */
  readonly touched: readonly string[];
  /** By a person: it is not thrown away unasked. */
  readonly isTyped: boolean;
}

export function beginning(value: unknown): TypedInput {
  return { text: textOf(value), value, touched: [], isTyped: false };
}

export function withText(before: TypedInput, text: string): TypedInput {
  return jsonProblem(text) === undefined
    ? { text, value: JSON.parse(text), touched: [""], isTyped: true }
    : { ...before, text, isTyped: true };
}

export function withPart(before: TypedInput, path: Path, part: unknown): TypedInput {
  const value = withValueAt(before.value, path, part);
  return { ...before, text: textOf(value), value, isTyped: true };
}

export function touchedAt(before: TypedInput, path: Path): TypedInput {
  return { ...before, touched: [...new Set([...before.touched, keyOf(path)])] };
}

/** What is taken, and by whom. */
export interface Taker {
  readonly schema: object | undefined;
  readonly name: string | undefined;
}

/**
 * Whether the form begins anew. What a person typed outlives the schema, which may arrive late or come from another build; it goes when it is for another taker, unless that
 * one takes just the same.
 */
export function beginsAnew({ isTyped }: TypedInput, before: Taker, now: Taker): boolean {
  if (before.schema === now.schema) return before.name !== now.name && !isTyped;
  return before.name !== now.name || !isTyped;
}

function textOf(value: unknown): string {
  return value === undefined ? "null" : JSON.stringify(value, null, 2);
}
