/**
 * - `unavailable`: no connection, or it was lost; trying again later may help
 * - `conflict`: someone else holds the producer name or the exclusive subscription, or the topic exists differently
 * - `missing`: the topic, or the namespace it would be in, does not exist (yet)
 * - `invalid`: the request can never succeed as it is
 * - `tooLarge`: the message is over the log's limit
 * - `unauthorized`: the log refused the credentials
 * - `closed`: the session or handle was closed by its owner
 */
export type LogErrorCode =
  | "unavailable"
  | "conflict"
  | "missing"
  | "invalid"
  | "tooLarge"
  | "unauthorized"
  | "closed";

export class LogError extends Error {
  override readonly name = "LogError";
  readonly code: LogErrorCode;

  constructor(code: LogErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
