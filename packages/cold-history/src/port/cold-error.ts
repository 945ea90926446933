/**
 * - `unavailable`: nobody answers at the address; trying again later may help
 * - `refused`: it wants other credentials
 * - `timeout`: the answer took longer than it may
 * - `busy`: too many questions wait already
 * - `cancelled`: the signal was aborted
 * - `notSetUp`: it has no connector to the log, no such namespace, or no history in it
 * - `readOnly`: the statement would do more than read
 * - `invalid`: the statement can't be carried out as it is; `line` and `column` say where, from 1
 * - `failed`: it broke down on its own side
 */
export type ColdErrorCode =
  | "unavailable"
  | "refused"
  | "timeout"
  | "busy"
  | "cancelled"
  | "notSetUp"
  | "readOnly"
  | "invalid"
  | "failed";

/** Why a question about cold history has no answer. The message is a sentence for people that says what to do. */
export class ColdError extends Error {
  override readonly name = "ColdError";
  readonly code: ColdErrorCode;
  readonly line: number | undefined;
  readonly column: number | undefined;

  constructor(
    code: ColdErrorCode,
    message: string,
    options: ErrorOptions & { readonly line?: number | undefined; readonly column?: number | undefined } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.line = options.line;
    this.column = options.column;
  }
}

export function cancelled(): ColdError {
  return new ColdError("cancelled", "The query was cancelled.");
}
