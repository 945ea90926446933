import type { Failure, FailureKind } from "@downbeat/domain";
import { BusinessError, JobCancelledError, JobFailedError, RunCancelledError } from "./errors.ts";
import { decodePayload, encodePayload } from "./payload.ts";

// Well within what the wire schemas take, so that no failure is refused for its length.
const maxName = 100;
const maxMessage = 4_000;
const maxStack = 8_000;

export function failure(kind: FailureKind, name: string, message: string, stack?: string): Failure {
  return {
    kind,
    name: cut(name, maxName) || "Error",
    message: cut(message, maxMessage),
    ...(stack !== undefined && { stack: cut(stack, maxStack) }),
  };
}

/** For whatever was thrown, an `Error` or not. */
export function failureOf(kind: FailureKind, thrown: unknown): Failure {
  if (!(thrown instanceof Error))
    return failure(kind, "Error", `Something that is no Error was thrown: ${text(thrown)}`);
  return failure(kind, thrown.name, thrown.message, thrown.stack);
}

export function businessFailure(error: BusinessError): Failure {
  const base = failure("business", error.name, error.message);
  if (error.details === undefined) return base;
  try {
    return { ...base, details: encodePayload(error.details, "The details") };
  } catch (reason) {
    return failure("business", error.name, `${error.message} (left out: ${text(reason)})`);
  }
}

/** The error as the handler threw it, for the workflow code. */
export function businessError({ name, message, details }: Failure): BusinessError {
  return new BusinessError(name, message, details === undefined ? undefined : decodePayload(details));
}

/** What an error that ends a run in the regular way says about it; `undefined` for a bug in the code. */
export function expectedFailure(thrown: unknown): Failure | undefined {
  if (thrown instanceof BusinessError) return businessFailure(thrown);
  if (thrown instanceof JobFailedError) {
    const { kind, name, details } = thrown.failure;
    return { ...failure(kind, name, thrown.message), ...(details !== undefined && { details }) };
  }
  if (thrown instanceof JobCancelledError || thrown instanceof RunCancelledError) {
    return failure("cancelled", thrown.name, thrown.message);
  }
  return undefined;
}

function cut(value: string, length: number): string {
  return value.length <= length ? value : `${value.slice(0, length - 1)}…`;
}

function text(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return typeof thrown;
  }
}
