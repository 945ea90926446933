/**
 * - `notFound`: what was asked for isn't there
 * - `badInput`: the request can never succeed as it is
 * - `unavailable`: the log can't be reached; trying again may help
 */
export type ApiErrorCode = "notFound" | "badInput" | "unavailable";

/** An answer in the negative, with a sentence for whoever asked. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: ApiErrorCode;

  constructor(code: ApiErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export function unknownRun(runId: string): ApiError {
  return new ApiError("notFound", `There is no run ${runId}.`);
}
