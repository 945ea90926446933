/**
 * - `noHandler`: a run asked for a job that nothing carries out
 * - `nothingDue`: time alone would never bring about what is awaited
 * - `neverEnds`: time went on and on, and what is awaited has not come
 * - `handlerHangs`: a handler is at work for so long of real time that it may never come back
 * - `insideHandler`: a handler, or an action given to `env.after`, waits for time to pass, which waits for it
 * - `actionFailed`: what `env.after` or `env.at` was given has failed
 * - `problem`: a worker, workflow code or the engine has something to report that a test must not pass over
 * - `unknownRun`: there is no run of that id
 * - `fakeTimers`: the test runner has faked what the SDK can't do without
 * - `closed`: the environment is closed
 */
export type TestEnvironmentErrorCode =
  | "noHandler"
  | "nothingDue"
  | "neverEnds"
  | "handlerHangs"
  | "insideHandler"
  | "actionFailed"
  | "problem"
  | "unknownRun"
  | "fakeTimers"
  | "closed";

/** The test can't go on as it is written; `code` says why. */
export class TestEnvironmentError extends Error {
  override readonly name = "TestEnvironmentError";
  readonly code: TestEnvironmentErrorCode;

  constructor(code: TestEnvironmentErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
