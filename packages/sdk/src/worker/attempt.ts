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
import type { Insistence } from "../codec/insistence.ts";
import { type Payloads, PayloadUnreadableError } from "../codec/payloads.ts";
import { NonRetryableError, RetryLaterError } from "../errors.ts";
import { attemptFailure, failure, failureOf } from "../failure.ts";
import { boundLog } from "../logging/bound-log.ts";
import type { Log, Logger } from "../logging/logger.ts";
import { setLongTimer } from "../long-timer.ts";
import { decodePayload, encodePayload, PayloadError } from "../payload.ts";
import { type Returned, readOf, returnedBy } from "../returned.ts";
import type { OnStray } from "../running-code.ts";
import { checkNow } from "../schema-check.ts";
import { containStrays } from "../stray-rejections.ts";
import { field, isInstance } from "../thrown/careful.ts";
import { within } from "../within.ts";
import type { HandledJob, JobContext } from "./handler.ts";

const defaultHeartbeatSpacingMs = 20_000;
/** What came of an attempt is tried to be encrypted for so long, though the attempt be over. */
const leastTryingMs = 1_000;
/** A codec that takes so long has the engine told that the handler is at it. */
const slowCodecMs = 1_000;
const quickCodecMs = 100;
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
  /** Ends the trying to encrypt what came of it. */
  #giveUp: () => void = () => {};
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
    this.#cancelBeat();
    this.#beat = undefined;
    this.#lastHeartbeatAt = now;
    const silent = this.#silentBeat(at);
    const { payloads, sendHeartbeat } = this.#around;
    const { details: text } = encoded;
    if (text === undefined || !payloads.encrypts) return sendHeartbeat({ ...silent(), ...encoded });
    this.#beatsSent = this.#beatsSent.then(() => this.#sendEncrypted(silent, text));
  }

  /** @param at when the handler said it */
  #silentBeat(at: number): () => Heartbeat {
    const heartbeat = { type: "HeartbeatAttempt", ...this.#ref(`heartbeat/${++this.#heartbeats}`) } as const;
    return () => {
      // Rule 28: a beat counts from when the handler said it, though it is sent later.
      const agoMs = Math.floor(monotonic(this.#around.clock) - at);
      return { ...heartbeat, ...(agoMs > 0 && { agoMs }) };
    };
  }

  /** The handler is at it, whatever can't be told in time of how far it got. */
  async #sendEncrypted(silent: () => Heartbeat, details: Payload): Promise<void> {
    const { clock, sendHeartbeat } = this.#around;
    const { heartbeatMs = Number.POSITIVE_INFINITY } = this.#message;
    const encrypting = this.#encrypted({ ...silent(), details }).catch(() => silent());
    const isInTime = await within(clock, Math.min(slowCodecMs, heartbeatMs / 6), encrypting);
    const encrypted = isInTime ? await encrypting : {};
    sendHeartbeat({ ...encrypted, ...silent() });
  }

  /** The engine hears that there is a worker, while it waits for its codec. */
  #beatMeanwhile(): () => void {
    const { heartbeatMs } = this.#message;
    if (heartbeatMs === undefined) return () => {};
    const { clock, sendHeartbeat } = this.#around;
    let cancel = (): void => {};
    const beatIn = (ms: number): void => {
      cancel = setLongTimer(
        clock,
        () => {
          sendHeartbeat(this.#silentBeat(monotonic(clock))());
          beatIn(heartbeatMs / 3);
        },
        ms,
      );
    };
    beatIn(Math.min(quickCodecMs, heartbeatMs / 3));
    return () => cancel();
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
    this.#giveUp();
  }

  /** Whatever the handler still does, nobody waits for it any more: it keeps no timer, and says nothing. */
  letGo(): void {
    this.#over = true;
    this.#cancelTimer();
    this.#cancelBeat();
    this.#giveUp();
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

  async #carryOut(): Promise<Returned> {
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
    return returnedBy(() => execute(input, this));
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
   * What is said of it, as it goes to the log. A codec that is away is waited for as long as the attempt counts.
   *
   * @throws PayloadError as `Payloads.sent`; why the codec failed last, when the attempt does not count any more
   */
  async sent(command: RunCommand, insistence: Insistence): Promise<RunCommand> {
    const stop = new AbortController();
    const leftMs = this.isAborted ? 0 : this.#limitMs - this.#ranForMs;
    this.#giveUp = () => stop.abort();
    const cancel = setLongTimer(this.#around.clock, this.#giveUp, Math.max(leastTryingMs, leftMs));
    const cancelBeats = this.#beatMeanwhile();
    try {
      await this.#beatsSent;
      return await insistence.on(() => this.#encrypted(command), stop.signal);
    } finally {
      cancel();
      cancelBeats();
      this.#giveUp = () => {};
    }
  }

  #encrypted<Command extends RunCommand>(command: Command): Promise<Command> {
    const { input, runId } = this.#message;
    return this.#around.payloads.sent(command, { runId, like: input });
  }

  #completed(returned: Returned): AttemptCommand {
    try {
      const output = readOf(returned, "The output");
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

  /** The handler is done, and what it gave could not be encrypted before the attempt was over. */
  notEncrypted(): AttemptCommand {
    const message = `What came of the handler could not be encrypted within the ${this.#limitMs} ms of the attempt: the codec was away.`;
    return this.failed({ ...failure("timeout", "TimedOut", message), timeout: "startToClose" });
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

type Heartbeat = Extract<RunCommand, { readonly type: "HeartbeatAttempt" }>;

type AttemptCommand = AttemptResult & { readonly commandId: string; readonly runId: string };

function retryAfterMsOf(error: unknown): number {
  const ms = isInstance(error, RetryLaterError) ? field(error, "retryAfterMs") : 0;
  return typeof ms === "number" && ms > 0 ? Math.ceil(Math.min(ms, longestRetryAfterMs)) : 0;
}
