import { randomUUID } from "node:crypto";
import { partitionOf, type RunCommand, type RunEvent } from "@downbeat/domain";
import type { Clock } from "@downbeat/message-log";
import { givenLabels, newRunId, runId as runIdSchema } from "@downbeat/protocol";
import { boundMethods } from "../bound-methods.ts";
import type { KnownLabels, PayloadAbout } from "../codec/payload-codec.ts";
import type { Payloads } from "../codec/payloads.ts";
import { type Hanging, hangOn } from "../connection/hang-on.ts";
import { clockHere } from "../connection/standing-still.ts";
import { milliseconds } from "../duration.ts";
import { inboxPartitions } from "../inbox/inbox-partitions.ts";
import { InboxSender, type Posting } from "../inbox/inbox-sender.ts";
import { unreachedListener } from "../inbox/unreached.ts";
import { checkName } from "../name.ts";
import { checkOptions } from "../options/check-options.ts";
import { type OnProblem, problemListener } from "../problem-listener.ts";
import { within } from "../within.ts";
import { type AnyWorkflow, namedWorkflow, type Workflow } from "../workflow.ts";
import { check } from "./check.ts";
import { clientOptions, runOptions, saidLabels, startOptions } from "./client-options.ts";
import { type CommandBody, nameCommand } from "./command-body.ts";
import { encode, refused } from "./encode.ts";
import {
  CommandLostError,
  closed,
  NoAnswerError,
  NoSuchRunError,
  notReached,
  RunRefusedError,
  unanswered,
} from "./errors.ts";
import { HistoryFollower } from "./history-follower.ts";
import { isLost } from "./lost-command.ts";
import { LostConnections } from "./lost-connections.ts";
import type { ClientOptions, RunOptions, StartOptions } from "./options.ts";
import { Outcomes, type RunEnd } from "./outcomes.ts";
import { type Past, PastEnds } from "./past-ends.ts";
import { readPastInbox } from "./read-past-inbox.ts";
import { RunEnds } from "./run-ends.ts";
import { RunHandle } from "./run-handle.ts";
import { StuckRuns } from "./stuck-runs.ts";
import { withOlderKeys } from "./with-older-keys.ts";

/** While somebody waits for the end of a run of which nothing was heard. */
const askInboxEveryMs = 500;

type SendOptions = Pick<StartOptions, "wait"> & KnownLabels;

type StartArgs<Input> = undefined extends Input
  ? [input?: Input, options?: StartOptions]
  : [input: Input, options?: StartOptions];

/** Starts runs and tells them things, over the log. */
export class Client {
  readonly #options: ClientOptions;
  readonly #hanging: Hanging;
  readonly #problem: OnProblem;
  readonly #answerWithinMs: number;
  readonly #clock: Clock;
  readonly #outcomes = new Outcomes();
  readonly #stuckRuns = new StuckRuns();
  readonly #followers = new Map<number, HistoryFollower>();
  readonly #lost: LostConnections;
  readonly #stop = new AbortController();
  #sender: InboxSender | undefined;
  #closing: Promise<void> | undefined;
  readonly #pasts = new Map<number, PastEnds>();
  readonly #ends: RunEnds;
  /** Why the log was not reached so far. */
  #trouble: Error | undefined;
  #opening: Promise<{ readonly partitions: number; readonly sender: InboxSender }> | undefined;

  constructor(options: ClientOptions = {}) {
    boundMethods(this);
    checkOptions("client()", clientOptions, options);
    this.#answerWithinMs = milliseconds(options.answerWithin ?? "30 seconds", "answerWithin of client()");
    this.#options = options;
    this.#hanging = hangOn("client()", options, () => this.close());
    this.#problem = problemListener(options.onProblem, this.#hanging.logger);
    this.#lost = new LostConnections(this.#problem);
    this.#clock = clockHere(options.clock);
    this.#ends = new RunEnds({
      outcomes: this.#outcomes,
      clock: this.#clock,
      lookup: options.lookup,
      answerWithinMs: this.#answerWithinMs,
      past: (runId) => this.#past(runId),
      isAllHeard: (runId, awaited) => this.#isAllHeard(runId, awaited),
      onProblem: this.#problem,
    });
  }

  get actor(): string {
    return this.#options.actor ?? "client";
  }

  /** By its name, without types. It stands first, as a compiler speaks of the last one where an input fits none. */
  async start(workflow: string, input?: unknown, options?: StartOptions): Promise<RunHandle<unknown>>;
  /**
   * Starts a run. Resolves when the engine has accepted it.
   *
   * @throws RunRefusedError when the input, the labels or the id can't be taken, or the engine refused
   * @throws CommandLostError when somebody took the command out of the engine's inbox
   * @throws NoAnswerError when the engine has not answered in time; `delivery` says whether it may start nevertheless
   */
  async start<Input, Output>(
    workflow: Workflow<Input, Output>,
    ...args: StartArgs<Input>
  ): Promise<RunHandle<Output>>;
  async start(
    workflow: Pick<AnyWorkflow, "name" | "inputSchema"> | string,
    input?: unknown,
    options: StartOptions = {},
  ): Promise<RunHandle<unknown>> {
    checkOptions("start()", startOptions, options);
    const runId = options.runId ?? randomUUID();
    const definition: Pick<AnyWorkflow, "name" | "inputSchema"> = namedWorkflow("start()", workflow);
    checkName("workflow", definition.name);
    check(newRunId, runId, "The run id", runId);
    if (options.labels !== undefined) check(givenLabels, options.labels, "The labels", runId);
    if (definition.inputSchema !== undefined) check(definition.inputSchema, input, "The input", runId);
    const known: KnownLabels = { labels: options.labels ?? {}, hasAllLabels: true };
    const command: CommandBody = {
      type: "StartRun",
      runId,
      workflow: definition.name,
      input: encode(input, "The input", runId, definition.inputSchema),
      ...(options.labels !== undefined && { labels: options.labels }),
      startedBy: this.actor,
    };
    if (options.wait === "sent") {
      this.#outcomes.startedHere(runId);
      await this.send(command, { wait: "sent", ...known });
      return new RunHandle(this, runId, { known });
    }
    // From before the command, as the run may end in the same record that starts it.
    const end = this.#outcomes.end(runId);
    try {
      await this.#begin(command, known);
      return new RunHandle(this, runId, { end, known });
    } catch (error) {
      const isThere = error instanceof RunRefusedError && error.code === "RunExists";
      if (isThere && options.ifExists !== "fail") {
        const refusal = isOver.test(error.message) ? error.message : undefined;
        return new RunHandle(this, runId, { refusal, known });
      }
      this.#outcomes.release(runId);
      throw error;
    }
  }

  /**
   * A run that exists already.
   *
   * @param options.labels as the run was started with: where payloads are encrypted by a label, that one is needed to signal the run, or to give a job input or output
   */
  run<Output = unknown>(runId: string, options: RunOptions = {}): RunHandle<Output> {
    check(runIdSchema, runId, "The run id", runId);
    const { labels } = checkOptions("run()", runOptions, options);
    if (labels !== undefined) check(saidLabels, labels, "The labels", runId);
    return new RunHandle(this, runId, { known: { labels: options.labels } });
  }

  /**
   * Sends any command and waits for what it came to.
   *
   * @throws RunRefusedError when the engine refused it
   * @throws CommandLostError when somebody took it out of the engine's inbox
   * @throws NoAnswerError when no answer came in time, as for a repetition of what was answered before
   */
  async send(command: CommandBody, { wait = "accepted", ...known }: SendOptions = {}): Promise<void> {
    const encrypted = await this.#encrypted(nameCommand(command), known);
    await this.#deliver(encrypted, wait === "sent" ? "receipt" : "answer");
  }

  /** @internal What is heard of runs, as it was before it was encrypted. */
  get payloads(): Payloads {
    return this.#hanging.payloads;
  }

  /**
   * Sends a command that has its name already. Resolves with the events that it came to.
   *
   * @throws NoAnswerError when no answer came in time
   */
  decisionOn(command: RunCommand): Promise<readonly RunEvent[]> {
    return this.#deliver(command, "anyAnswer");
  }

  #begin(command: CommandBody, known: KnownLabels): Promise<void> {
    const start = async (older: number): Promise<void> => {
      await this.#deliver(await this.#encrypted(nameCommand(command), { ...known, older }), "answer");
    };
    return this.payloads.encrypts ? withOlderKeys(start) : start(0);
  }

  async #encrypted(command: RunCommand, about: Omit<PayloadAbout, "runId">): Promise<RunCommand> {
    if (!this.payloads.encrypts) return command;
    const { runId } = command;
    try {
      return await this.payloads.sent(command, { ...about, runId });
    } catch (error) {
      throw refused(error, runId);
    }
  }

  async #deliver(
    command: RunCommand,
    until: "receipt" | "answer" | "anyAnswer",
  ): Promise<readonly RunEvent[]> {
    const { type, runId, commandId } = command;
    const answer = this.#outcomes.answer(commandId);
    const over = Promise.withResolvers<void>();
    let posting: Posting | undefined;
    let isOver = false;
    let isReceived = false;
    const deliver = async (): Promise<readonly RunEvent[]> => {
      const following = until === "receipt" ? undefined : await this.#follower(runId);
      const { sender } = await this.#open();
      if (isOver) return [];
      posting = sender.post(command);
      await posting.receipt;
      isReceived = true;
      if (following === undefined) return [];
      // A repetition of what was answered before has no answer of its own: only what is new can be called lost.
      if (until === "anyAnswer") return answer.promise;
      const answered = Promise.race([answer.promise, over.promise]);
      const followed = { log: this.#hanging.log, clock: this.#clock, ...following };
      const [refused] = await Promise.race([
        answer.promise,
        isLost(followed, answered).then((lost) => {
          if (lost) throw new CommandLostError(type, runId);
          return answer.promise;
        }),
      ]);
      if (refused?.type === "CommandRefused") throw new RunRefusedError(refused.code, refused.message, runId);
      return [];
    };
    try {
      return await this.inTime(deliver(), this.#answerWithinMs, () => {
        const isWithdrawn = posting === undefined || posting.withdraw();
        const delivery = isReceived ? "received" : isWithdrawn ? "notSent" : "unconfirmed";
        return unanswered(command, this.#answerWithinMs, delivery, this.#trouble);
      });
    } finally {
      isOver = true;
      if (!isReceived) posting?.withdraw();
      over.resolve();
      answer.forget();
    }
  }

  /** When the run is stuck, at once where it is. */
  stuck(runId: string): ReturnType<StuckRuns["watch"]> {
    return this.#stuckRuns.watch(runId, async () => {
      await this.follow(runId);
      return this.#past(runId);
    });
  }

  /** Why the end of the run can't come soon, where nothing was ever heard of such a run, or nothing can be. */
  missing(runId: string, ms: number): NoSuchRunError | NoAnswerError | undefined {
    if (this.#trouble !== undefined) return notReached(runId, ms, this.#trouble);
    return this.#ends.isMissing(runId) ? new NoSuchRunError(runId, ms) : undefined;
  }

  /**
   * How the run ended, whenever that was: from now on, by the `lookup` that the client was given, or by what history says.
   *
   * @param refusal of the engine, where it has said that the run is over
   */
  async ended(runId: string, refusal?: string): Promise<RunEnd> {
    const ms = this.#answerWithinMs;
    await this.inTime(this.follow(runId), ms, () => notReached(runId, ms, this.#trouble));
    return this.#ends.find(runId, refusal);
  }

  async follow(runId: string): Promise<void> {
    await this.#follower(runId);
  }

  async #follower(runId: string): Promise<{ partition: number; follower: HistoryFollower }> {
    const { partitions } = await this.#open();
    const partition = partitionOf(runId, partitions);
    let follower = this.#followers.get(partition);
    if (follower === undefined) {
      follower = new HistoryFollower(this.#hanging.log, partition, {
        clock: this.#clock,
        reconnect: { clock: this.#clock },
        onDecisions: this.#outcomes.takeDecisions,
        onSettled: (decisions) => {
          this.#outcomes.takeSettled(decisions);
          this.#stuckRuns.takeSettled(decisions);
        },
        isAwaited: () => this.#outcomes.areAwaited,
        onProblem: this.#problem,
        onConnection: (reason) =>
          reason === undefined ? this.#lost.back(partition) : this.#lost.lost(partition, reason),
        onEnd: (reason) => this.#lose(partition, partitions, reason),
      });
      this.#followers.set(partition, follower);
    }
    await follower.ready;
    return { partition, follower };
  }

  async #isAllHeard(runId: string, awaited: Promise<unknown>): Promise<boolean> {
    const followed = { log: this.#hanging.log, clock: this.#clock, ...(await this.#follower(runId)) };
    return readPastInbox(followed, awaited, askInboxEveryMs);
  }

  /** Whoever looks again follows it again. */
  #lose(partition: number, partitions: number, reason: Error): void {
    this.#followers.delete(partition);
    this.#lost.back(partition);
    const lost = new NoAnswerError(`History can't be followed any more: ${reason.message}`);
    this.#outcomes.failAll((runId) => partitionOf(runId, partitions) === partition, lost);
  }

  async #past(runId: string): Promise<Past> {
    const { partitions } = await this.#open();
    const partition = partitionOf(runId, partitions);
    let past = this.#pasts.get(partition);
    if (past === undefined) {
      past = new PastEnds({
        log: this.#hanging.log,
        partition,
        clock: this.#clock,
        stop: this.#stop.signal,
        isWanted: (id) => this.#outcomes.mayHaveEnded(id),
        onProblem: this.#problem,
      });
      this.#pasts.set(partition, past);
    }
    return past.find(runId);
  }

  /**
   * What the promise comes to, unless the client is closed before.
   *
   * @param ms `undefined` for as long as it takes
   * @throws NoAnswerError when the promise does not settle within the time, or the client is closed
   */
  async inTime<T>(promise: Promise<T>, ms: number | undefined, late: () => Error): Promise<T> {
    promise.catch(() => {});
    if (await within(this.#clock, ms, promise, this.#stop.signal)) return promise;
    if (this.#stop.signal.aborted) throw closed();
    throw late();
  }

  /** Waits for the receipts of what was sent, as long as for an answer. A connection or log that it was given stays open. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#stop.abort();
    this.#outcomes.close(closed());
    if (this.#sender !== undefined) await within(this.#clock, this.#answerWithinMs, this.#sender.close());
    await Promise.all(Array.from(this.#followers.values(), (follower) => follower.close()));
    await this.#hanging.letGo();
  }

  #open(): Promise<{ readonly partitions: number; readonly sender: InboxSender }> {
    this.#opening ??= this.#connect();
    return this.#opening;
  }

  async #connect(): Promise<{ readonly partitions: number; readonly sender: InboxSender }> {
    const { log } = this.#hanging;
    const tell = unreachedListener(this.#hanging, this.#options.onProblem);
    const partitions = await inboxPartitions(log, this.#clock, {
      stop: this.#stop.signal,
      onRetry: (reason) => {
        this.#trouble = reason;
        tell(reason);
      },
    });
    this.#trouble = undefined;
    this.#sender = new InboxSender(log, partitions, { clock: this.#clock });
    return { partitions, sender: this.#sender };
  }
}

/**
 * A client, over the connection that it is given, or one of its own as the environment says: see `connect()`.
 *
 * @throws RangeError or TypeError for an option that can't be taken
 */
export function client(options: ClientOptions = {}): Client {
  return new Client(options);
}

const isOver = /it is (?:completed|failed|cancelled|terminated)\.$/;
