import { jsonProblem } from "../../lib/json-input.ts";
import { spacedJson, withJsonAt } from "../../lib/json-text.ts";
import { keyOf, type Path } from "./value-at.ts";

/** One value, as the text and as the fields that it is typed into. */
export interface TypedInput {
  readonly text: string;
  /** The last text that was JSON: a form changes nothing of it but what is typed. */
  readonly json: string;
  /** The text's, or that of the last text that was JSON; `undefined` for nothing. */
  readonly value: unknown;
  /** Places that a person has been at. */
  readonly touched: readonly string[];
  /** By a person: it is not thrown away unasked. */
  readonly isTyped: boolean;
}

/** @param text JSON, or what was recorded as text and is none; `undefined` for nothing */
export function beginning(text: string | undefined): TypedInput {
  const json = text === undefined || jsonProblem(text) === undefined ? text : JSON.stringify(text);
  const spaced = spacedJson(json ?? "null");
  const value: unknown = json === undefined ? undefined : JSON.parse(json);
  return { text: spaced, json: spaced, value, touched: [], isTyped: false };
}

export function withText(before: TypedInput, text: string): TypedInput {
  return jsonProblem(text) === undefined
    ? { text, json: text, value: JSON.parse(text), touched: [""], isTyped: true }
    : { ...before, text, isTyped: true };
}

/** @param part JSON, `undefined` to take the part out */
export function withPart(before: TypedInput, path: Path, part: string | undefined): TypedInput {
  const text = withJsonAt(before.json, path, part);
  const isNothing = path.length === 0 && part === undefined;
  return { ...before, text, json: text, value: isNothing ? undefined : JSON.parse(text), isTyped: true };
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
 * Whether the form begins again. What a person typed outlives the schema, which may arrive late or come from another build; it goes when it is for another taker, unless that
 * one takes just the same.
 */
export function beginsAnew({ isTyped }: TypedInput, before: Taker, now: Taker): boolean {
  if (before.schema === now.schema) return before.name !== now.name && !isTyped;
  return before.name !== now.name || !isTyped;
}
