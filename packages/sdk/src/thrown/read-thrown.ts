import { isNativeError } from "node:util/types";
import type { Failure, FailureCause, Payload } from "@downbeat/domain";
import { boundedText } from "./bounded-text.ts";
import { field, isInstance, isList, lengthOf, stringField } from "./careful.ts";
import { authorsStack } from "./own-stack.ts";
import { shownFields, shownValue } from "./shown-value.ts";

// Well within what the wire schemas take, so that no failure is refused for its length.
const longestName = 100;
const longestMessage = 4_000;
const longestStack = 8_000;
const longestDetails = 8_000;

const ofCause = { message: 1_000, stack: 1_500, details: 1_000, values: 40 } as const;
const mostCauses = 10;
const mostCauseDepth = 5;
/** Of the causes together, as JSON. */
const mostCauseBytes = 16_000;

/** What people see of an error besides its kind. */
export type Thrown = Pick<Failure, "name" | "message" | "stack" | "details" | "causes">;

/**
 * Reads whatever was thrown, an `Error` or not: its name, message, stack, own fields, and what it says it came of. Never throws,
 * whatever the value does when it is looked at; what it gives is bounded, and fits the wire schema of a failure.
 */
export function readThrown(thrown: unknown): Thrown {
  const { name, message, stack, details } = readOne(thrown, {
    message: longestMessage,
    stack: longestStack,
    details: longestDetails,
    values: 200,
  });
  const causes = readCauses(thrown);
  return {
    name,
    message,
    ...(stack !== undefined && { stack }),
    ...(details !== undefined && { details }),
    ...(causes.length > 0 && { causes }),
  };
}

/** In a few words, for the end of a sentence. */
export function thrownText(thrown: unknown, length = 500): string {
  const limits = { message: length, stack: 0, details: 0, values: 20 };
  return isErrorLike(thrown) ? readOne(thrown, limits).message : boundedText(words(thrown), length);
}

type One = Omit<Thrown, "causes">;
type Limits = { readonly [part in "message" | "stack" | "details" | "values"]: number };

const ownFields = ["name", "message", "stack", "cause", "errors"];

function readOne(thrown: unknown, limits: Limits): One {
  if (!isErrorLike(thrown)) {
    const message = `Something that is no Error was thrown: ${words(thrown)}`;
    return { name: "Error", message: boundedText(message, limits.message) };
  }
  const stack = stringField(thrown, "stack");
  const details = detailsOf(thrown, limits);
  return {
    name: nameOf(thrown),
    message: boundedText(messageOf(thrown), limits.message),
    ...(stack !== undefined && { stack: boundedText(authorsStack(stack), limits.stack) }),
    ...(details !== undefined && { details }),
  };
}

/** Of another realm or another copy of a class, it is an error all the same. */
function isErrorLike(thrown: unknown): thrown is object {
  if (typeof thrown !== "object" || thrown === null) return false;
  return isNativeError(thrown) || isInstance(thrown, Error) || stringField(thrown, "message") !== undefined;
}

function nameOf(thrown: object): string {
  const name = field(thrown, "name") ?? field(field(thrown, "constructor"), "name");
  return boundedText(textOf(name), longestName) || "Error";
}

/** Some errors say it in their code alone, as those of connections to several addresses. */
function messageOf(thrown: object): string {
  return textOf(field(thrown, "message")) || textOf(field(thrown, "code"));
}

function textOf(value: unknown): string {
  return value === undefined ? "" : words(value);
}

function words(value: unknown): string {
  if (typeof value === "string") return value;
  const shown = shownValue(value, 40);
  return typeof shown === "string" ? shown : JSON.stringify(shown);
}

function detailsOf(thrown: object, limits: Limits): Payload | undefined {
  if (limits.details === 0) return undefined;
  const fields = shownFields(thrown, ownFields, limits.values);
  if (fields === undefined) return undefined;
  const text = JSON.stringify(fields);
  if (Buffer.byteLength(text) <= limits.details) return text;
  // Fewer values, so that it stays JSON.
  return limits.values <= 1 ? undefined : detailsOf(thrown, { ...limits, values: limits.values >> 1 });
}

/** In the order in which they would be told: each with its own causes after it. */
function readCauses(thrown: unknown): readonly FailureCause[] {
  const causes: FailureCause[] = [];
  const seen = new Set<unknown>([thrown]);
  let bytes = 0;
  const add = (value: unknown, depth: number): void => {
    if (value === undefined || value === null || seen.has(value)) return;
    if (causes.length >= mostCauses || bytes >= mostCauseBytes) return;
    seen.add(value);
    const cause = { depth, ...(isErrorLike(value) ? readOne(value, ofCause) : bareCause(value)) };
    bytes += Buffer.byteLength(JSON.stringify(cause));
    causes.push(cause);
    if (depth < mostCauseDepth) addAll(value, depth + 1);
  };
  const addAll = (of: unknown, depth: number): void => {
    add(field(of, "cause"), depth);
    const errors = field(of, "errors");
    if (!isList(errors)) return;
    const length = Math.min(lengthOf(errors), mostCauses);
    for (let index = 0; index < length; index++) add(field(errors, index), depth);
  };
  if (isErrorLike(thrown)) addAll(thrown, 1);
  return causes;
}

function bareCause(value: unknown): One {
  return { name: "", message: boundedText(words(value), ofCause.message) };
}
