import type { ClosedStatus, Failure, RejectionCode } from "@downbeat/domain";

/** A command was refused: by the client itself before it was sent, or by the engine, which recorded it. */
export class RunRefusedError extends Error {
  override readonly name = "RunRefusedError";
  readonly code: RejectionCode;
  readonly runId: string;

  constructor(code: RejectionCode, message: string, runId: string) {
    super(message);
    this.code = code;
    this.runId = runId;
  }
}

/** The run is over and did not complete. */
export class RunNotCompletedError extends Error {
  override readonly name = "RunNotCompletedError";
  readonly runId: string;
  readonly status: Exclude<ClosedStatus, "completed">;
  readonly failure?: Failure;

  constructor(runId: string, status: Exclude<ClosedStatus, "completed">, failure: Failure | undefined) {
    super(
      `Run ${runId} ${status === "failed" ? "failed" : `was ${status}`}${failure ? `: ${failure.message}` : "."}`,
    );
    this.runId = runId;
    this.status = status;
    if (failure !== undefined) this.failure = failure;
  }
}

/** The command was taken out of the engine's inbox before the engine read it, as when somebody skips its backlog: nothing came of it. Send it again. */
export class CommandLostError extends Error {
  override readonly name = "CommandLostError";
  readonly runId: string;

  constructor(command: string, runId: string) {
    super(
      `${command} of run ${runId} was lost: the inbox was read past it, and history holds no answer. Nothing was done; send it again.`,
    );
    this.runId = runId;
  }
}

/** No answer was seen in time. The command itself is durable in the inbox, and will be answered. */
export class NoAnswerError extends Error {
  override readonly name = "NoAnswerError";
}
