/**
 * - `notFound`: what was asked for isn't there
 * - `badInput`: the request can never succeed as it is
 * - `forbidden`: whoever asks may not have it
 * - `unavailable`: the log can't be reached; trying again may help
 */
export type ApiErrorCode = "notFound" | "badInput" | "forbidden" | "unavailable";

/** An answer in the negative, with a sentence for whoever asked. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: ApiErrorCode;

  constructor(code: ApiErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export function unknownRun(
  runId: string,
  removed?: { readonly status: string; readonly endedAt: number },
): ApiError {
  if (removed === undefined) return new ApiError("notFound", `There is no run ${runId}.`);
  const when = new Date(removed.endedAt).toISOString().slice(0, 10);
  return new ApiError(
    "notFound",
    `Run ${runId} ended on ${when} (${removed.status}). Retention has removed its history since.`,
  );
}
