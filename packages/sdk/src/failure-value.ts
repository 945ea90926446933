import type { FailureKind, Failure as RecordedFailure, TimeoutKind } from "@downbeat/domain";
import { failure as recordedFailure } from "@downbeat/protocol";
import { decodePayload } from "./payload.ts";
import { field, isList } from "./thrown/careful.ts";

/** What an error came of. */
export interface FailureCause {
  /** 1 for what the failure itself came of, 2 for what that came of, and so on. */
  readonly depth: number;
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  readonly details?: unknown;
}

/** What history tells of an error. */
export interface Failure {
  readonly kind: FailureKind;
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  /** What a `BusinessError` was given, else the error's own fields. */
  readonly details?: unknown;
  readonly timeout?: TimeoutKind;
  readonly causes?: readonly FailureCause[];
}

/** As it is told to code: history holds details as text. */
export function failureValue({ details, causes, ...failure }: RecordedFailure): Failure {
  return {
    ...failure,
    ...(details !== undefined && { details: read(details) }),
    ...(causes !== undefined && {
      causes: causes.map(({ details: ofCause, ...cause }) => ({
        ...cause,
        ...(ofCause !== undefined && { details: read(ofCause) }),
      })),
    }),
  };
}

/** The other way round, of what code may have put together itself. `undefined` for what is no failure. */
export function failureRecord(value: unknown): RecordedFailure | undefined {
  const causes = field(value, "causes");
  const made = {
    ...Object.fromEntries(
      ["kind", "name", "message", "stack", "timeout"].map((name) => [name, field(value, name)]),
    ),
    details: written(field(value, "details")),
    causes: isList(causes) ? causes.map((cause) => withDetailsWritten(cause)) : causes,
  };
  const parsed = recordedFailure.safeParse(
    Object.fromEntries(Object.entries(made).filter(([, part]) => part !== undefined)),
  );
  return parsed.success ? wellFormed(parsed.data as RecordedFailure) : undefined;
}

/** Fit to be written as UTF-8. Details are JSON, and have their escapes. */
function wellFormed({ causes, ...failure }: RecordedFailure): RecordedFailure {
  return { ...textsOf(failure), ...(causes !== undefined && { causes: causes.map(textsOf) }) };
}

function textsOf<Told extends { readonly name: string; readonly message: string; readonly stack?: string }>(
  told: Told,
): Told {
  const { name, message, stack } = told;
  return {
    ...told,
    name: name.toWellFormed(),
    message: message.toWellFormed(),
    ...(stack !== undefined && { stack: stack.toWellFormed() }),
  };
}

function withDetailsWritten(cause: unknown): unknown {
  if (typeof cause !== "object" || cause === null) return cause;
  const { details, ...others } = { details: undefined, ...cause };
  return details === undefined ? others : { ...others, details: written(details) };
}

function read(details: string): unknown {
  try {
    return decodePayload(details);
  } catch {
    return details;
  }
}

function written(details: unknown): string | undefined {
  try {
    return details === undefined ? undefined : JSON.stringify(details);
  } catch {
    return undefined;
  }
}
