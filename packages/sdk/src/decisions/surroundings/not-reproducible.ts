/** What workflow code tried can't be repeated from its history. The message says what to use instead. */
export class NotReproducibleError extends Error {
  override readonly name = "NotReproducible";

  /** @param madeBy the call that the stack is to begin behind, with the author's own line */
  constructor(message: string, madeBy?: (...args: never[]) => unknown) {
    super(message);
    if (madeBy !== undefined) Error.captureStackTrace(this, madeBy);
  }
}
