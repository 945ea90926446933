import { type AttemptResult, defaultStartToCloseMs, type Failure, type RunCommand } from "@downbeat/domain";
import type { Clock } from "@downbeat/message-log";
import type { JobMessage } from "@downbeat/protocol";
import { NonRetryableError } from "../errors.ts";
import { attemptFailure, failure, failureOf } from "../failure.ts";
import { setLongTimer } from "../long-timer.ts";
import { decodePayload, encodePayload, PayloadError } from "../payload.ts";
import { checkNow } from "../schema-check.ts";
import { containStrays, type OnStray } from "../stray-rejections.ts";
import type { HandledJob, JobContext } from "./handler.ts";

/** A handler that has not answered by then is reported as started, so that people see it at work. */
const reportStartAfterMs = 1_000;
const defaultHeartbeatSpacingMs = 20_000;

export interface AttemptSurroundings {
  readonly worker: string;
  readonly clock: Clock;
  readonly sendHeartbeat: (command: RunCommand) => void;
  /** Hears of a rejected promise that a handler left behind. */
  readonly onStray: OnStray;
}

/** One attempt in a handler's hands: its context, its clock, and the command that comes of it. */
export class Attempt implements JobContext {
  readonly #message: JobMessage;
  readonly #job: HandledJob;
  readonly #around: AttemptSurroundings;
  readonly #startedAt: number;
  #cancelTimer: () => void = () => {};
  #controller: AbortController | undefined;
  #abortReason: Error | undefined;
  #heartbeats = 0;
  #lastHeartbeatAt = Number.NEGATIVE_INFINITY;
  #over = false;

  constructor(message: JobMessage, job: HandledJob, around: AttemptSurroundings) {
    this.#message = message;
    this.#job = job;
    this.#around = around;
    // A clock of another make may count parts of a millisecond.
    this.#startedAt = Math.max(0, Math.floor(around.clock.now()));
  }

  get jobId(): string {
    return this.#message.jobId;
  }

  get runId(): string {
    return this.#message.runId;
  }

  get workflow(): string {
    return this.#message.workflow;
  }

  get attempt(): number {
    return this.#message.attempt;
  }

  get idempotencyKey(): string {
    return this.#message.idempotencyKey;
  }

  // Made when it is asked for: most handlers are over before anybody would.
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#abortReason !== undefined) this.#controller.abort(this.#abortReason);
    }
    return this.#controller.signal;
  }

  // Handlers take their context apart, so it does not need `this`.
  readonly heartbeat = (details?: unknown): void => {
    if (this.#over) return;
    const { heartbeatMs } = this.#message;
    const spacing = heartbeatMs === undefined ? defaultHeartbeatSpacingMs : heartbeatMs / 3;
    const now = this.#around.clock.now();
    if (now - this.#lastHeartbeatAt < spacing) return;
    this.#lastHeartbeatAt = now;
    this.#around.sendHeartbeat({
      type: "HeartbeatAttempt",
      ...this.#ref(`heartbeat/${++this.#heartbeats}`),
      ...(details !== undefined && { details: encodePayload(details, "The details of the heartbeat") }),
    });
  };

  /** Said before the handler is called, of an attempt that the log delivered before. */
  cameBack(redelivered: number): AttemptCommand {
    return { type: "HeartbeatAttempt", ...this.#ref(`redelivered/${redelivered}`), redelivered };
  }

  /** The process is ending: a handler that listens should come to an end. */
  abort(reason: Error): void {
    this.#abortReason ??= reason;
    this.#controller?.abort(this.#abortReason);
  }

  get isAborted(): boolean {
    return this.#abortReason !== undefined;
  }

  /** Never rejects: whatever the handler does comes to a command. */
  run(): Promise<AttemptCommand> {
    return new Promise((resolve) => {
      const end = (command: AttemptCommand): void => {
        this.#over = true;
        this.#cancelTimer();
        resolve(command);
      };
      this.#watch(end);
      // What comes back is looked at as part of the handler too: its getters and `toJSON` are the author's.
      containStrays(this.#around.onStray, () => {
        void this.#carryOut().then(
          (output) => end(this.#completed(output)),
          (error: unknown) => end(this.#notCompleted(error)),
        );
      });
    });
  }

  async #carryOut(): Promise<unknown> {
    const { execute, inputSchema } = this.#job;
    let input = decodePayload(this.#message.input);
    if (inputSchema !== undefined) {
      const checked = checkNow(inputSchema, input);
      if (!checked.ok)
        throw new NonRetryableError("InvalidInput", `The input does not fit its schema.\n${checked.problem}`);
      input = checked.value;
    }
    return execute(input, this);
  }

  #completed(output: unknown): AttemptCommand {
    try {
      const payload = encodePayload(output, "The output");
      if (this.#job.outputSchema !== undefined) {
        const checked = checkNow(this.#job.outputSchema, output);
        if (!checked.ok) throw new PayloadError(`The output does not fit its schema.\n${checked.problem}`);
      }
      return { type: "CompleteAttempt", ...this.#ref("result"), output: payload };
    } catch (error) {
      if (error instanceof PayloadError)
        return this.failed(failure("invalid", "InvalidOutput", error.message));
      return this.failed(failureOf("technical", error));
    }
  }

  #notCompleted(error: unknown): AttemptCommand {
    const reason = attemptFailure(error);
    if (reason.kind !== "business") return this.failed(reason);
    return { type: "RejectAttempt", ...this.#ref("result"), failure: reason };
  }

  failed(reason: Failure): AttemptCommand {
    return { type: "FailAttempt", ...this.#ref("result"), failure: reason };
  }

  #watch(end: (command: AttemptCommand) => void): void {
    const { clock } = this.#around;
    const limit = this.#message.startToCloseMs ?? defaultStartToCloseMs;
    // A little early: the engine watches the same limit, and would refuse an answer that comes just after its own.
    const ownLimit = limit - Math.min(200, limit / 20);
    const timeOut = (): void => {
      const message = `The handler did not finish within ${limit} ms.`;
      end(this.failed({ ...failure("timeout", "TimedOut", message), timeout: "startToClose" }));
      this.abort(new Error(message));
    };
    if (ownLimit <= reportStartAfterMs) {
      this.#cancelTimer = clock.setTimer(timeOut, ownLimit);
      return;
    }
    this.#cancelTimer = clock.setTimer(() => {
      this.#cancelTimer = setLongTimer(clock, timeOut, ownLimit - reportStartAfterMs);
      if (this.#heartbeats === 0) this.heartbeat();
    }, reportStartAfterMs);
  }

  #ref(what: string) {
    const { runId, jobId, attempt } = this.#message;
    return {
      commandId: `${runId}/${jobId}/${attempt}/${what}`,
      runId,
      jobId,
      attempt,
      worker: this.#around.worker,
      startedAt: this.#startedAt,
    };
  }
}

type AttemptCommand = AttemptResult & { readonly commandId: string; readonly runId: string };
