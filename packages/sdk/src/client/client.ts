import { randomUUID } from "node:crypto";
import { type Labels, partitionOf, type RunCommand, type RunEvent } from "@downbeat/domain";
import { type Clock, type MessageLog, systemClock } from "@downbeat/message-log";
import {
  encodeCommand,
  InvalidCommand,
  labels as labelsSchema,
  runId as runIdSchema,
} from "@downbeat/protocol";
import { z } from "zod";
import { type Duration, milliseconds } from "../duration.ts";
import { inboxPartitions } from "../inbox/inbox-partitions.ts";
import { InboxSender } from "../inbox/inbox-sender.ts";
import { checkName } from "../name.ts";
import { checkOptions } from "../options/check-options.ts";
import { anything, callable, clock, messageLog, oneOf, shortText } from "../options/fields.ts";
import { type OnProblem, problemListener } from "../problem-listener.ts";
import { checkNow } from "../schema-check.ts";
import { asError } from "../thrown/as-error.ts";
import { within } from "../within.ts";
import type { AnyWorkflow, Workflow } from "../workflow.ts";
import { encode } from "./encode.ts";
import { CommandLostError, NoAnswerError, RunRefusedError } from "./errors.ts";
import { HistoryFollower } from "./history-follower.ts";
import { isLost } from "./lost-command.ts";
import { Outcomes, type RunEnd } from "./outcomes.ts";
import { RunHandle } from "./run-handle.ts";

export interface ClientOptions {
  readonly log: MessageLog;
  /** Who is shown as having started, signalled or cancelled. Default `client`. */
  readonly actor?: string;
  /** Says how a run ended, if it has: asked for runs that may have ended before this client looked. The server's API knows. */
  readonly lookup?: (runId: string) => Promise<RunEnd | undefined>;
  /** How long an answer from the engine is waited for. Default 30 seconds. */
  readonly answerWithin?: Duration;
  readonly onProblem?: OnProblem;
  readonly clock?: Clock;
}

export interface StartOptions {
  /** Default: a new UUID. Your own, such as an order number, makes starting it again harmless. */
  readonly runId?: string;
  readonly labels?: Labels;
  /** What a run of the same id that exists already means: it is the one (`use`, the default), or an error. */
  readonly ifExists?: "use" | "fail";
  /** `sent`: don't wait for the engine's answer, only for the log's receipt. Default `accepted`. */
  readonly wait?: "accepted" | "sent";
}

/** What is left to say of a command when the client names it. */
export type CommandBody = RunCommand extends infer Command
  ? Command extends unknown
    ? Omit<Command, "commandId">
    : never
  : never;

type StartArgs<Input> = undefined extends Input
  ? [input?: Input, options?: StartOptions]
  : [input: Input, options?: StartOptions];

/** Starts runs and tells them things, over the log. */
export class Client {
  readonly #options: ClientOptions;
  readonly #problem: OnProblem;
  readonly #answerWithinMs: number;
  readonly #clock: Clock;
  readonly #outcomes = new Outcomes();
  readonly #followers = new Map<number, HistoryFollower>();
  readonly #stop = new AbortController();
  readonly #lookingUp = new Set<string>();
  #opening: Promise<{ readonly partitions: number; readonly sender: InboxSender }> | undefined;

  constructor(options: ClientOptions) {
    checkOptions("client()", clientOptions, options);
    this.#answerWithinMs = milliseconds(options.answerWithin ?? "30 seconds", "answerWithin of client()");
    this.#options = options;
    this.#problem = problemListener(options.onProblem);
    this.#clock = options.clock ?? systemClock;
  }

  get actor(): string {
    return this.#options.actor ?? "client";
  }

  /**
   * Starts a run. Resolves when the engine has accepted it.
   *
   * @throws RunRefusedError when the input, the labels or the id can't be taken, or the engine refused
   * @throws CommandLostError when somebody took the command out of the engine's inbox
   * @throws NoAnswerError when the engine has not answered in time; the run will start nevertheless
   */
  async start<Input, Output>(
    workflow: Workflow<Input, Output>,
    ...args: StartArgs<Input>
  ): Promise<RunHandle<Output>>;
  /** By its name, without types. */
  async start(workflow: string, input?: unknown, options?: StartOptions): Promise<RunHandle<unknown>>;
  async start(
    workflow: Pick<AnyWorkflow, "name" | "inputSchema"> | string,
    input?: unknown,
    options: StartOptions = {},
  ): Promise<RunHandle<unknown>> {
    checkOptions("start()", startOptions, options);
    const runId = options.runId ?? randomUUID();
    const definition = typeof workflow === "string" ? { name: workflow } : workflow;
    checkName("workflow", definition.name);
    check(runIdSchema, runId, "The run id", runId);
    if (options.labels !== undefined) check(labelsSchema, options.labels, "The labels", runId);
    if (definition.inputSchema !== undefined) check(definition.inputSchema, input, "The input", runId);
    const command: CommandBody = {
      type: "StartRun",
      runId,
      workflow: definition.name,
      input: encode(input, "The input", runId),
      ...(options.labels !== undefined && { labels: options.labels }),
      startedBy: this.actor,
    };
    if (options.wait === "sent") {
      await this.send(command, { wait: "sent" });
      return new RunHandle(this, runId);
    }
    await this.follow(runId);
    // From before the command, as the run may end in the same record that starts it.
    const end = this.#outcomes.end(runId);
    try {
      await this.send(command);
      return new RunHandle(this, runId, end);
    } catch (error) {
      if (!(error instanceof RunRefusedError)) throw error;
      if (error.code !== "RunExists" || options.ifExists === "fail") {
        this.#outcomes.release(runId);
        throw error;
      }
      if (this.#options.lookup !== undefined) return new RunHandle(this, runId);
      return new RunHandle(this, runId, this.#seenEnd(runId, end, error.message));
    }
  }

  /** A run that exists already. */
  run<Output = unknown>(runId: string): RunHandle<Output> {
    check(runIdSchema, runId, "The run id", runId);
    return new RunHandle(this, runId);
  }

  /**
   * Sends any command and waits for what it came to.
   *
   * @throws RunRefusedError when the engine refused it
   * @throws CommandLostError when somebody took it out of the engine's inbox
   * @throws NoAnswerError when no answer came in time, as for a repetition of what was answered before
   */
  async send(command: CommandBody, { wait = "accepted" }: Pick<StartOptions, "wait"> = {}): Promise<void> {
    const named = { ...command, commandId: `${command.type}/${randomUUID()}` } as RunCommand;
    refuseInvalid(named);
    if (wait === "sent") return this.#post(named);
    const [refused] = await this.#answerTo(named, { isNew: true });
    if (refused?.type === "CommandRefused")
      throw new RunRefusedError(refused.code, refused.message, command.runId);
  }

  /**
   * Sends a command that has its name already. Resolves with the events that it came to.
   *
   * @throws NoAnswerError when no answer came in time
   */
  decisionOn(command: RunCommand): Promise<readonly RunEvent[]> {
    return this.#answerTo(command, { isNew: false });
  }

  async #answerTo(command: RunCommand, { isNew }: { isNew: boolean }): Promise<readonly RunEvent[]> {
    const { partition, follower } = await this.#follower(command.runId);
    const answer = this.#outcomes.answer(command.commandId);
    const { type, runId } = command;
    try {
      await this.#post(command);
      const waits = this.inTime(
        answer.promise,
        this.#answerWithinMs,
        `${type} of run ${runId} was not answered`,
      );
      // A repetition of what was answered before has no answer of its own: only what is new can be called lost.
      if (!isNew) return await waits;
      const { log } = this.#options;
      const sent = { log, clock: this.#clock, partition, follower, answered: waits };
      return await Promise.race([
        waits,
        isLost(sent).then((lost) => {
          if (lost) throw new CommandLostError(type, runId);
          return waits;
        }),
      ]);
    } finally {
      answer.forget();
    }
  }

  /** How the run ended; from now on, or by the `lookup` that the client was given. */
  async ended(runId: string): Promise<RunEnd> {
    await this.follow(runId);
    const end = this.#outcomes.end(runId);
    if (this.#options.lookup !== undefined) void this.#lookUp(runId, this.#options.lookup, end);
    return end;
  }

  /** The end, if it is still to come or was seen by this client; nobody can be waited for who says what came before. */
  #seenEnd(runId: string, end: Promise<RunEnd>, refusal: string): Promise<RunEnd> {
    if (!isOver.test(refusal) || !this.#outcomes.awaitsEnd(runId)) return end;
    const seen = this.#seenSoon(runId, end, refusal);
    seen.catch(() => {});
    return seen;
  }

  /** The refusal may be heard a moment before it is settled how the run ended. */
  async #seenSoon(runId: string, end: Promise<RunEnd>, refusal: string): Promise<RunEnd> {
    if (await within(this.#clock, settledWithinMs, end)) return end;
    this.#outcomes.release(runId);
    throw new NoAnswerError(`${refusal} How it ended was not seen by this client: give client() a lookup.`);
  }

  /** What ended before this client looked is known to the lookup, at once or a little later. */
  async #lookUp(
    runId: string,
    lookup: NonNullable<ClientOptions["lookup"]>,
    end: Promise<RunEnd>,
  ): Promise<void> {
    if (this.#lookingUp.has(runId)) return;
    this.#lookingUp.add(runId);
    let told = false;
    for (let turn = 0; turn < lookupTurns && this.#outcomes.awaitsEnd(runId); turn++) {
      try {
        const known = await lookup(runId);
        if (known !== undefined) this.#outcomes.take(runId, known);
      } catch (error) {
        if (!told) this.#problem(`The end of run ${runId} could not be looked up.`, asError(error));
        told = true;
      }
      await within(this.#clock, Math.min(1_000 * 2 ** turn, 60_000), end);
    }
    this.#lookingUp.delete(runId);
  }

  async follow(runId: string): Promise<void> {
    await this.#follower(runId);
  }

  async #follower(runId: string): Promise<{ partition: number; follower: HistoryFollower }> {
    const { partitions } = await this.#open();
    const partition = partitionOf(runId, partitions);
    let follower = this.#followers.get(partition);
    if (follower === undefined) {
      follower = new HistoryFollower(this.#options.log, partition, {
        clock: this.#clock,
        reconnect: { clock: this.#clock },
        onDecisions: this.#outcomes.takeDecisions,
        onSettled: this.#outcomes.takeSettled,
        onProblem: this.#problem,
      });
      this.#followers.set(partition, follower);
    }
    await follower.ready;
    return { partition, follower };
  }

  /** @throws NoAnswerError when the promise does not settle within the time */
  async inTime<T>(promise: Promise<T>, ms: number, what: string): Promise<T> {
    if (await within(this.#clock, ms, promise)) return promise;
    throw new NoAnswerError(`${what} within ${ms} ms.`);
  }

  /** Waits for the receipts of what was sent; the log itself stays open. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#outcomes.close(new NoAnswerError("The client was closed before the answer came."));
    const opened = await this.#opening?.catch(() => undefined);
    await opened?.sender.close();
    await Promise.all(Array.from(this.#followers.values(), (follower) => follower.close()));
  }

  async #post(command: RunCommand): Promise<void> {
    const { sender } = await this.#open();
    await sender.send(command);
  }

  #open(): Promise<{ readonly partitions: number; readonly sender: InboxSender }> {
    this.#opening ??= this.#connect();
    return this.#opening;
  }

  async #connect(): Promise<{ readonly partitions: number; readonly sender: InboxSender }> {
    const { log } = this.#options;
    let told = false;
    const partitions = await inboxPartitions(log, this.#clock, {
      stop: this.#stop.signal,
      onRetry: (reason) => {
        if (!told) this.#problem("Waiting for the log.", reason);
        told = true;
      },
    });
    return { partitions, sender: new InboxSender(log, partitions, { clock: this.#clock }) };
  }
}

/** @throws RangeError or TypeError for an option that can't be taken */
export function client(options: ClientOptions): Client {
  return new Client(options);
}

/** What the engine would put into quarantine has no answer to wait for. */
function refuseInvalid(command: RunCommand): void {
  try {
    encodeCommand(command);
  } catch (error) {
    if (!(error instanceof InvalidCommand)) throw error;
    throw new RunRefusedError("InvalidInput", error.message, command.runId);
  }
}

const isOver = /it is (?:completed|failed|cancelled|terminated)\.$/;
const settledWithinMs = 2_000;
/** Some five minutes: what ends from now on is seen in history. */
const lookupTurns = 10;

const error = "they are an object";

const clientOptions = z.strictObject(
  {
    log: messageLog,
    actor: shortText(200).optional(),
    lookup: callable.optional(),
    answerWithin: anything,
    onProblem: callable.optional(),
    clock: clock.optional(),
  },
  { error },
);

const startOptions = z.strictObject(
  {
    runId: anything,
    labels: anything,
    ifExists: oneOf("use", "fail").optional(),
    wait: oneOf("accepted", "sent").optional(),
  },
  { error },
);

function check(schema: z.ZodType, value: unknown, what: string, runId: string): void {
  const checked = checkNow(schema, value);
  if (!checked.ok)
    throw new RunRefusedError("InvalidInput", `${what} can't be taken.\n${checked.problem}`, runId);
}
