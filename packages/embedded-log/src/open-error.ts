/** The log file could not be opened. The message is one sentence for the operator, with what to do about it. */
export class EmbeddedLogOpenError extends Error {
  override readonly name = "EmbeddedLogOpenError";
}
