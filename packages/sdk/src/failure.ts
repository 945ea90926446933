import type { Failure, FailureKind } from "@downbeat/domain";
import { NotReproducibleError } from "./decisions/surroundings/not-reproducible.ts";
import {
  BusinessError,
  JobCancelledError,
  JobFailedError,
  NonRetryableError,
  RunCancelledError,
} from "./errors.ts";
import { failureRecord } from "./failure-value.ts";
import { decodePayload, encodePayload } from "./payload.ts";
import { boundedText } from "./thrown/bounded-text.ts";
import { field, isInstance } from "./thrown/careful.ts";
import { ended } from "./thrown/ended.ts";
import { readThrown, thrownText } from "./thrown/read-thrown.ts";

/** Of our own words. What was thrown goes through `failureOf`. */
export function failure(kind: FailureKind, name: string, message: string, stack?: string): Failure {
  return {
    kind,
    name: boundedText(name, 100) || "Error",
    message: boundedText(message, 4_000),
    ...(stack !== undefined && { stack: boundedText(stack, 8_000) }),
  };
}

/**
 * For whatever was thrown, an `Error` or not: what is thrown may throw when it is looked at, so every kind of failure is made here.
 * Never throws, and what it makes always fits the wire schema.
 */
export function failureOf(kind: FailureKind, thrown: unknown): Failure {
  return { kind, ...readThrown(thrown) };
}

/** What workflow code threw that ends no run. */
export function codeFailure(thrown: unknown): Failure {
  const bug = failureOf("code", thrown);
  // Errors by which the library itself says what to do instead.
  if (isInstance(thrown, NotReproducibleError)) return bug;
  const said = ofThen.test(firstFrame(bug)) ? `${ended(bug.message)} ${cameOfThen}` : ended(bug.message);
  return { ...bug, message: boundedText(`${said} ${staysStuck}`, 4_500) };
}

/** What an `async` function returns is asked for its `then` before anybody sees it, and what that throws is as good as thrown by the function. */
const cameOfThen = "(It was thrown by the then of a value that the code awaited or returned.)";
const ofThen = /^\s*at (?:\S+\.)?(?:get )?then(?: \[as then\])? \(/;

function firstFrame({ stack = "" }: Failure): string {
  return stack.split("\n").find((line) => /^\s*at /.test(line)) ?? "";
}

const staysStuck =
  "(This keeps the run stuck until its code is mended and a person resumes it; a BusinessError would fail the run, and have it compensated.)";

/** What an attempt's handler threw. */
export function attemptFailure(thrown: unknown): Failure {
  if (isInstance(thrown, BusinessError)) return businessFailure(thrown);
  return failureOf(isInstance(thrown, NonRetryableError) ? "invalid" : "technical", thrown);
}

function businessFailure(error: BusinessError): Failure {
  // The stack tells nothing of a refusal; its details are the code's to read, so they go as they are or not at all.
  const { stack: _, details: __, ...read } = failureOf("business", error);
  const details = field(error, "details");
  if (details === undefined) return read;
  try {
    return { ...read, details: encodePayload(details, "The details") };
  } catch (reason) {
    return { ...read, message: boundedText(`${read.message} (left out: ${thrownText(reason)})`, 4_500) };
  }
}

/** The error as the handler threw it, for the workflow code. */
export function businessError({ name, message, details }: Failure): BusinessError {
  return new BusinessError(name, message, details === undefined ? undefined : decodePayload(details));
}

/** What an error that ends a run in the regular way says about it; `undefined` for a bug in the code. */
export function expectedFailure(thrown: unknown): Failure | undefined {
  if (isInstance(thrown, BusinessError)) return businessFailure(thrown);
  if (isInstance(thrown, JobFailedError)) {
    const of = failureRecord(field(thrown, "failure"));
    if (of === undefined) return undefined;
    const { kind, name, details, causes } = of;
    const { message } = readThrown(thrown);
    return {
      ...failure(kind, name, message),
      ...(details !== undefined && { details }),
      ...(causes !== undefined && { causes }),
    };
  }
  if (isInstance(thrown, JobCancelledError) || isInstance(thrown, RunCancelledError)) {
    const { name, message } = readThrown(thrown);
    return failure("cancelled", name, message);
  }
  return undefined;
}
