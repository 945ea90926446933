import { randomUUID } from "node:crypto";
import {
  type AttemptResult,
  defaultStartToCloseMs,
  type Failure,
  isEncrypted,
  longestRetryAfterMs,
  type Payload,
  type RunCommand,
} from "@downbeat/domain";
import { type Clock, monotonic } from "@downbeat/message-log";
import type { JobMessage } from "@downbeat/protocol";
import { type Payloads, PayloadUnreadableError } from "../codec/payloads.ts";
import { NonRetryableError, RetryLaterError } from "../errors.ts";
import { attemptFailure, failure, failureOf } from "../failure.ts";
import { boundLog } from "../logging/bound-log.ts";
import type { Log, Logger } from "../logging/logger.ts";
import { setLongTimer } from "../long-timer.ts";
import { decodePayload, encodePayload, PayloadError } from "../payload.ts";
import type { OnStray } from "../running-code.ts";
import { checkNow } from "../schema-check.ts";
import { containStrays } from "../stray-rejections.ts";
import { field, isInstance } from "../thrown/careful.ts";
import type { HandledJob, JobContext } from "./handler.ts";

const defaultHeartbeatSpacingMs = 20_000;
/** A timer that is so late says that the event loop stood still. */
const noticedMs = 1_000;

export interface AttemptSurroundings {
  readonly worker: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly payloads: Payloads;
  readonly sendHeartbeat: (command: RunCommand) => void;
  /** Hears of a rejected promise that a handler left behind. */
  readonly onStray: OnStray;
}

/** One attempt in a handler's hands: its context, its clock, and the command that comes of it. */
export class Attempt implements JobContext {
  readonly #message: JobMessage;
  readonly #job: HandledJob;
  readonly #around: AttemptSurroundings;
  /** By this machine's clock, for people; what is computed is by `#beganAt`. */
  #startedAt: number;
  /** As `monotonic`: a clock that is set counts no time. */
  #beganAt: number;
  #cancelTimer: () => void = () => {};
  #log: Log | undefined;
  #controller: AbortController | undefined;
  #abortReason: Error | undefined;
  #heartbeats = 0;
  #lastHeartbeatAt = Number.NEGATIVE_INFINITY;
  /** The last beat of the handler that is not sent yet. */
  #beat: { readonly details: unknown; readonly at: number } | undefined;
  #cancelBeat: () => void = () => {};
  /** Encrypted before they go: a result must not overtake them. */
  #beatsSent: Promise<void> = Promise.resolve();
  #over = false;

  constructor(message: JobMessage, job: HandledJob, around: AttemptSurroundings) {
    this.#message = message;
    this.#job = job;
    this.#around = around;
    this.#startedAt = this.#now();
    this.#beganAt = monotonic(this.#around.clock);
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

  get heartbeatMs(): number | undefined {
    return this.#message.heartbeatMs;
  }

  // Made when it is asked for, as the signal: most handlers are over before anybody would.
  get log(): Log {
    const { runId, workflow, jobId, attempt } = this.#message;
    const { jobType } = this.#job;
    this.#log ??= boundLog(this.#around.logger, { runId, workflow, jobId, jobType, attempt });
    return this.#log;
  }

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
    const at = monotonic(this.#around.clock);
    const wait = this.#lastHeartbeatAt + spacing - at;
    if (wait <= 0) return this.#sendBeat({ details, at });
    // The last one of an interval always goes out, and counts from now: silence begins here, should no other come.
    const isWaiting = this.#beat !== undefined;
    this.#beat = { details, at };
    if (isWaiting) return;
    const sendLast = (): void => {
      if (this.#beat === undefined) return;
      try {
        this.#sendBeat(this.#beat);
      } catch (error) {
        this.#around.onStray(error);
        this.#sendBeat({ ...this.#beat, details: undefined });
      }
    };
    this.#cancelBeat = setLongTimer(this.#around.clock, sendLast, wait);
  };

  #sendBeat({ details, at }: { readonly details: unknown; readonly at: number }): void {
    const encoded =
      details === undefined ? {} : { details: encodePayload(details, "The details of the heartbeat") };
    const now = monotonic(this.#around.clock);
    // Rule 28: a beat counts from when the handler said it, though it is sent later.
    const agoMs = Math.floor(now - at);
    this.#cancelBeat();
    this.#beat = undefined;
    this.#lastHeartbeatAt = now;
    const heartbeat = {
      type: "HeartbeatAttempt" as const,
      ...this.#ref(`heartbeat/${++this.#heartbeats}`),
      ...encoded,
      ...(agoMs > 0 && { agoMs }),
    };
    const { payloads, sendHeartbeat } = this.#around;
    if (!payloads.encrypts || encoded.details === undefined) return sendHeartbeat(heartbeat);
    this.#beatsSent = this.#beatsSent
      .then(async () => sendHeartbeat(await this.#encrypted(heartbeat)))
      // The handler is still at it, whatever can't be told of how far it got.
      .catch(() => {
        const { details: _, ...silent } = heartbeat;
        sendHeartbeat(silent);
      });
  }

  /**
   * Said before the handler is called.
   *
   * @param again the log can't say whether another worker had it
   */
  begins(redelivered: number, again = false): AttemptCommand {
    return {
      type: "HeartbeatAttempt",
      ...this.#ref(`begins/${redelivered}/${randomUUID()}`),
      begins: true,
      ...(again && { again }),
      ...(redelivered > 0 && { redelivered }),
    };
  }

  /** The process is ending: a handler that listens should come to an end. */
  abort(reason: Error): void {
    this.#abortReason ??= reason;
    this.#controller?.abort(this.#abortReason);
  }

  /** Whatever the handler still does, nobody waits for it any more: it keeps no timer, and says nothing. */
  letGo(): void {
    this.#over = true;
    this.#cancelTimer();
    this.#cancelBeat();
  }

  get isAborted(): boolean {
    return this.#abortReason !== undefined;
  }

  /** Never rejects: whatever the handler does comes to a command. */
  run(): Promise<AttemptCommand> {
    this.#startedAt = this.#now();
    this.#beganAt = monotonic(this.#around.clock);
    return new Promise((resolve) => {
      const end = (command: AttemptCommand): void => {
        this.#over = true;
        this.#cancelTimer();
        this.#cancelBeat();
        resolve(command);
      };
      const timeOut = (): void => {
        const failed = this.#timedOut();
        end(this.failed(failed));
        this.abort(new Error(failed.message));
      };
      this.#cancelTimer = setLongTimer(this.#around.clock, timeOut, this.#ownLimitMs);
      // A handler that blocks the event loop comes back before the timer does: it is late all the same.
      const inTime = (result: () => AttemptCommand) => () => (this.#isLate ? timeOut() : end(result()));
      // What comes back is looked at as part of the handler too: its getters and `toJSON` are the author's.
      containStrays({ onStray: this.#around.onStray }, () => {
        void this.#carryOut().then(
          (output) => inTime(() => this.#completed(output))(),
          (error: unknown) => inTime(() => this.#notCompleted(error))(),
        );
      });
    });
  }

  async #carryOut(): Promise<unknown> {
    const { execute, inputSchema } = this.#job;
    const { input: given } = this.#message;
    // What isn't encrypted is with its handler at once.
    let input = decodePayload(isEncrypted(given) ? await this.#plainInput(given) : given);
    if (inputSchema !== undefined) {
      const checked = checkNow(inputSchema, input);
      if (!checked.ok)
        throw new NonRetryableError("InvalidInput", `The input does not fit its schema.\n${checked.problem}`);
      input = checked.value;
    }
    return execute(input, this);
  }

  async #plainInput(input: Payload): Promise<Payload> {
    try {
      return await this.#around.payloads.plain(input);
    } catch (error) {
      if (!(error instanceof PayloadUnreadableError)) throw error;
      throw new NonRetryableError("PayloadUnreadable", `The input can't be read. ${error.message}`);
    }
  }

  /**
   * What is said of it, as it goes to the log.
   *
   * @throws PayloadError as `Payloads.sent`
   */
  async sent(command: RunCommand): Promise<RunCommand> {
    await this.#beatsSent;
    return this.#encrypted(command);
  }

  #encrypted(command: RunCommand): Promise<RunCommand> {
    const { input, runId } = this.#message;
    return this.#around.payloads.sent(command, { runId, like: input });
  }

  #completed(output: unknown): AttemptCommand {
    try {
      const payload = encodePayload(output, "The output", { schema: this.#job.outputSchema });
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
    if (reason.kind !== "business") return this.failed(reason, retryAfterMsOf(error));
    return { type: "RejectAttempt", ...this.#ref("result"), failure: reason };
  }

  failed(reason: Failure, retryAfterMs = 0): AttemptCommand {
    const later = retryAfterMs > 0 ? { retryAfterMs } : {};
    return { type: "FailAttempt", ...this.#ref("result"), failure: reason, ...later };
  }

  get #limitMs(): number {
    return this.#message.startToCloseMs ?? defaultStartToCloseMs;
  }

  /** A little early: the engine watches the same limit, and would refuse an answer that comes just after its own. */
  get #ownLimitMs(): number {
    return this.#limitMs - Math.min(200, this.#limitMs / 50);
  }

  get #ranForMs(): number {
    return Math.floor(monotonic(this.#around.clock) - this.#beganAt);
  }

  get #isLate(): boolean {
    return this.#ranForMs >= this.#limitMs;
  }

  #timedOut(): Failure {
    const late = Math.round(this.#ranForMs - this.#ownLimitMs);
    const blocked =
      late < noticedMs ? "" : ` The worker's event loop stood still meanwhile, for ${late} ms or more.`;
    const message = `The handler did not finish within ${this.#limitMs} ms.${blocked}`;
    return { ...failure("timeout", "TimedOut", message), timeout: "startToClose" };
  }

  #now(): number {
    // A clock of another make may count parts of a millisecond.
    return Math.max(0, Math.floor(this.#around.clock.now()));
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
      ranForMs: this.#ranForMs,
    };
  }
}

type AttemptCommand = AttemptResult & { readonly commandId: string; readonly runId: string };

function retryAfterMsOf(error: unknown): number {
  const ms = isInstance(error, RetryLaterError) ? field(error, "retryAfterMs") : 0;
  return typeof ms === "number" && ms > 0 ? Math.ceil(Math.min(ms, longestRetryAfterMs)) : 0;
}
