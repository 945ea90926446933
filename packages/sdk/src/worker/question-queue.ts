import type { RunCommand, RunDecision } from "@downbeat/domain";
import {
  type Consumer,
  LogError,
  type MessageLog,
  type Position,
  type ReceivedMessage,
  type ReconnectOptions,
  reconnectingConsumer,
  systemClock,
} from "@downbeat/message-log";
import {
  type AskedQuestion,
  type DecisionAnswer,
  InvalidCommand,
  parseQuestionMessage,
  subscriptions,
  topics,
} from "@downbeat/protocol";
import { EncryptedCode } from "../codec/encrypted-code.ts";
import { Insistence } from "../codec/insistence.ts";
import type { Payloads } from "../codec/payloads.ts";
import { failure } from "../failure.ts";
import type { InboxSender } from "../inbox/inbox-sender.ts";
import type { OnProblem } from "../problem-listener.ts";
import { asError } from "../thrown/as-error.ts";
import { within } from "../within.ts";
import { BeforeConsumer } from "./before-consumer.ts";
import { askAgain, cameBack, OwnCode } from "./own-code.ts";
import type { Quarantine } from "./quarantine.ts";
import type { StuckRun, UntakenOfRun } from "./run-problems.ts";

export interface QuestionQueueOptions {
  readonly log: MessageLog;
  readonly sender: Pick<InboxSender, "send">;
  readonly quarantine: Pick<Quarantine, "add">;
  readonly payloads: Payloads;
  /** Where the code is. It never rejects, and is asked of one run at a time. */
  readonly host: { answer(question: AskedQuestion): Promise<DecisionAnswer> };
  /** Its name. */
  readonly worker: string;
  readonly build?: string | undefined;
  /** Of the workflow. */
  readonly versioning?: "pinned" | undefined;
  readonly reconnect: ReconnectOptions;
  /** The answer is that the code can't say what comes next. */
  readonly onStuck: (run: StuckRun) => void;
  /** The answer is that it does not take what was recorded. */
  readonly onUntaken: (run: UntakenOfRun) => void;
  readonly onStateChange?: ReconnectOptions["onStateChange"];
  readonly onProblem: OnProblem;
}

/** A message holds several questions; what is with a worker that dies has to be asked again. */
const mostMessages = 50;
/** Rule 40. Deliveries before the engine hears that a question came back. */
const mostUnasked = 2;
const mostRemembered = 10_000;
/** Of decisions in one answer. */
const mostBytes = 300_000;

/** Of a question that takes several messages, as far as they are here. */
interface Parts {
  readonly acknowledge: (() => void)[];
  readonly events: Map<number, AskedQuestion["events"]>;
}

interface Deliveries {
  /** How often it was delivered before, as far as the log knows. */
  readonly count: number;
  /** It may have been, and the log has forgotten it. */
  readonly isUncounted: boolean;
}

interface Answered {
  readonly upTo: number;
  readonly command: Promise<RunCommand>;
}

/**
 * Takes what is asked of the code of one workflow from its topic.
 *
 * Q1. A question is acknowledged when its answer has its receipt, so a crash in between has it asked of another worker.
 * Q2. A question that comes back from workers that ended is not asked of the code here and now: the engine has it put again, and knows whether its run still is to go on. The
 *     first time it is: a worker that is stopped, or a crash, leaves innocent ones behind.
 *     On a log that forgets its counts the engine hears of all that was there before this consumer, and of what ended a worker before each time that it would be asked of the code:
 *     it puts it again with a mark, and whoever is given that once more knows that a worker ended with it.
 * Q3. The same question once more gets the same answer: a second one would be a second way for the run to go on, and only the first that comes counts.
 */
export class QuestionQueue {
  readonly #workflow: string;
  readonly #o: QuestionQueueOptions;
  readonly #ownCode: OwnCode;
  /** Of what is asked of anybody, and of what is asked of this build. */
  readonly #consumers: readonly Consumer[];
  /** The last answer for each run, the one given longest ago first. */
  readonly #answered = new Map<string, Answered>();
  readonly #inHand = new Set<Promise<void>>();
  readonly #parts = new Map<string, Parts>();
  readonly #code: EncryptedCode;
  /** Nobody waits any more for a codec that is away. */
  readonly #over = new AbortController();
  #isStopping = false;

  constructor(workflow: string, options: QuestionQueueOptions) {
    this.#workflow = workflow;
    this.#o = options;
    this.#ownCode = new OwnCode(options.build);
    const { build, host, payloads, reconnect } = options;
    const insistence = new Insistence(reconnect.clock ?? systemClock, (reason) =>
      options.onProblem(
        `What is asked of ${workflow}, or answered, can't be decrypted or encrypted now: it is tried again until it can.`,
        reason,
      ),
    );
    this.#code = new EncryptedCode(host, payloads, { insistence, stop: this.#over.signal });
    const shared = this.#consumer(topics.decisions(workflow), options.onStateChange, (reason) =>
      options.onProblem(`Nothing is asked of ${workflow} any more.`, reason),
    );
    this.#consumers = build === undefined ? [shared] : [shared, this.#consumerOfBuild(build)];
  }

  /** Without it all goes on: what is for this build comes by the workflow's own topic too, as this worker's turn comes there. */
  #consumerOfBuild(build: string): Consumer {
    const topic = topics.decisionsOfBuild(this.#workflow, build);
    const lacking = (reason: Error) =>
      this.#o.onProblem(
        `What is asked of build ${build} of ${this.#workflow} can't be taken from its topic ${topic}: it comes by ${topics.decisions(this.#workflow)}, more slowly.`,
        reason,
      );
    return this.#consumer(
      topic,
      (state, reason) => {
        // A log that is away is said of the workflow's own topic.
        if (state === "connecting" && reason !== undefined && !isAway(reason)) lacking(reason);
      },
      lacking,
    );
  }

  #consumer(
    topic: string,
    onStateChange: ReconnectOptions["onStateChange"],
    onLost: (reason: Error) => void,
  ): Consumer {
    const { log, reconnect, worker, onProblem } = this.#o;
    const before = new BeforeConsumer(log, topic, {
      clock: reconnect.clock,
      inHand: mostMessages,
      onProblem,
    });
    const consumer: Consumer = reconnectingConsumer(log, topic, {
      ...reconnect,
      onStateChange: (state, reason) => {
        if (state === "connected") before.opened();
        onStateChange?.(state, reason);
      },
      subscription: subscriptions.deciders,
      type: "Key_Shared",
      consumerName: worker,
      queueSize: mostMessages,
      onMessage: (message) => this.#receive(message, consumer, before),
      onClose: (reason) => {
        if (reason !== undefined) onLost(reason);
      },
    });
    return consumer;
  }

  /** Takes nothing more, and waits for what is being answered. */
  async drain(graceMs: number): Promise<void> {
    this.#isStopping = true;
    const { clock } = this.#o.reconnect;
    if (clock !== undefined) await within(clock, graceMs, Promise.all([...this.#inHand]));
    this.#over.abort();
  }

  /** Something has no receipt for its answer yet. */
  get isAnswering(): boolean {
    return this.#inHand.size > 0;
  }

  async close(): Promise<void> {
    this.#over.abort();
    await Promise.all(this.#consumers.map((consumer) => consumer.close()));
  }

  #receive(message: ReceivedMessage, consumer: Consumer, before: BeforeConsumer): void {
    if (this.#isStopping) return;
    const taken = this.#take(message, consumer, before).finally(() => this.#inHand.delete(taken));
    this.#inHand.add(taken);
  }

  async #take(
    { position, payload, redeliveryCount }: ReceivedMessage,
    consumer: Consumer,
    before: BeforeConsumer,
  ): Promise<void> {
    const { questions, malformed } = parseQuestionMessage(payload);
    const isUncounted = before.mayHold && redeliveryCount === 0 && (await before.mayHaveBeenInHand(position));
    const deliveries = { count: redeliveryCount, isUncounted };
    const isPart = questions.some(({ part }) => part !== undefined);
    if (isPart) return this.#takePart(() => consumer.acknowledge(position), questions, deliveries);
    try {
      const setAside = malformed.map(({ reason, text }) => this.#setAside(position, text, reason));
      await Promise.all([...questions.map((question) => this.#answer(question, deliveries)), ...setAside]);
      consumer.acknowledge(position);
    } catch (error) {
      this.#notSent(error);
    }
  }

  /** Parts of a question come one after the other; they are acknowledged together (Q1). */
  async #takePart(
    acknowledge: () => void,
    questions: readonly AskedQuestion[],
    deliveries: Deliveries,
  ): Promise<void> {
    for (const question of questions) {
      const { runId, upTo, attempt, part } = question;
      const name = `${upTo}/${attempt}/${runId}`;
      const parts: Parts = this.#parts.get(name) ?? { acknowledge: [], events: new Map() };
      this.#parts.set(name, parts);
      parts.acknowledge.push(acknowledge);
      parts.events.set(part?.number ?? 1, question.events);
      if (parts.events.size < (part?.of ?? 1)) continue;
      this.#parts.delete(name);
      const events = [...parts.events].sort(([a], [b]) => a - b).flatMap(([, some]) => some);
      const { part: _, ...whole } = question;
      try {
        await this.#answer({ ...whole, events }, deliveries);
        for (const each of parts.acknowledge) each();
      } catch (error) {
        this.#notSent(error);
      }
    }
  }

  #notSent(error: unknown): void {
    if (!this.#isStopping)
      this.#o.onProblem(`What ${this.#workflow} is to do next could not be sent.`, asError(error));
  }

  async #answer(question: AskedQuestion, deliveries: Deliveries): Promise<void> {
    const command = await this.#commandFor(question, deliveries);
    try {
      await this.#o.sender.send(command);
    } catch (error) {
      const problem = problemOf(error);
      if (problem === undefined || command.type !== "AnswerQuestion") throw error;
      const decisions = [{ type: "GetStuck", failure: failure("code", "Unrecordable", problem) }] as const;
      await this.#o.sender.send({ ...command, decisions });
    }
  }

  #commandFor(question: AskedQuestion, { count, isUncounted }: Deliveries): Promise<RunCommand> {
    const { runId, upTo, workflow, ends, begins } = question;
    const before = this.#answered.get(runId);
    // What could not be answered before is asked again.
    if (before?.upTo === upTo)
      return before.command.then((same) => (same.type === "AnswerQuestion" ? same : this.#ask(question)));
    if (count >= (ends === undefined ? mostUnasked : 1)) {
      this.#o.onProblem(
        `Workers ended, or lost their connection, while they were at ${workflow} ${runId}: it is asked again after a while.`,
      );
      return Promise.resolve(cameBack(question, undefined, this.#o));
    }
    // Nobody is told: after each restart of all workers it is said of whatever lay there.
    if (isUncounted) return Promise.resolve(cameBack(question, "maybe", this.#o));
    if (begins === false && this.#o.log.forgetsDeliveries === true)
      return Promise.resolve(cameBack(question, "begins", this.#o));
    return this.#ask(question, before?.command);
  }

  /** @param before the run is asked about this first */
  #ask(question: AskedQuestion, before?: Promise<unknown>): Promise<RunCommand> {
    const { runId, upTo } = question;
    const command = Promise.resolve(before?.catch(() => {})).then(async () => {
      const answer = await this.#answerTo(question);
      this.#tell(question, answer);
      return this.#commandOf(question, await this.#code.sent(question, answer));
    });
    this.#answered.delete(runId);
    this.#answered.set(runId, { upTo, command });
    // What came to nothing is no answer to whoever asks again.
    command.catch(() => {
      if (this.#answered.get(runId)?.command === command) this.#answered.delete(runId);
    });
    for (const oldest of this.#answered.keys()) {
      if (this.#answered.size <= mostRemembered) break;
      this.#answered.delete(oldest);
    }
    return command;
  }

  #tell({ runId, workflow }: AskedQuestion, answer: DecisionAnswer): void {
    if (answer.type === "notMine" && answer.failure !== undefined)
      this.#o.onUntaken({
        runId,
        workflow,
        failure: answer.failure,
        ...(answer.signalId !== undefined && { signalId: answer.signalId }),
      });
    const [decision] = answer.type === "decided" ? answer.decisions : [];
    if (decision?.type === "GetStuck") this.#o.onStuck({ runId, workflow, failure: decision.failure });
  }

  async #answerTo(question: AskedQuestion): Promise<DecisionAnswer> {
    const problem = this.#ownCode.problemWith(question);
    if (problem !== undefined) return { type: "notMine", reason: problem };
    const answer = await this.#code.answer(question);
    return answer.type === "decided" ? (this.#ownCode.instead(question, answer) ?? answer) : answer;
  }

  #commandOf(question: AskedQuestion, answer: DecisionAnswer): RunCommand {
    const { worker, build, versioning } = this.#o;
    if (answer.type !== "decided") return askAgain(question, answer, this.#o);
    const { runId, upTo } = question;
    const { answerId } = answer;
    const decisions = fitting(answer.decisions);
    const left = answer.decisions.length - decisions.length;
    return {
      type: "AnswerQuestion",
      commandId: `answer/${answerId}`,
      runId,
      upTo,
      answerId,
      decisions,
      worker,
      ...(build !== undefined && { build }),
      ...(left > 0 && { left }),
      ...(versioning !== undefined && { versioning }),
    };
  }

  async #setAside(position: Position, text: string, reason: string): Promise<void> {
    await this.#o.quarantine.add(topics.decisions(this.#workflow), position, Buffer.from(text), reason);
    this.#o.onProblem(`A malformed question to ${this.#workflow} was put into quarantine: ${reason}`);
  }
}

function isAway(reason: Error): boolean {
  return reason instanceof LogError && reason.code === "unavailable";
}

/** As many of the first decisions as go into a message; the code is asked for the others once these are recorded. */
function fitting(decisions: readonly RunDecision[]): readonly RunDecision[] {
  let bytes = 0;
  const end = decisions.findIndex((decision, index) => {
    bytes += Buffer.byteLength(JSON.stringify(decision));
    return bytes > mostBytes && index > 0;
  });
  return end < 0 ? decisions : decisions.slice(0, end);
}

/** Why an answer can't be sent, however often it is tried. */
function problemOf(error: unknown): string | undefined {
  if (error instanceof InvalidCommand) return `What the code asked for can't be sent: ${error.message}`;
  if (error instanceof LogError && error.code === "tooLarge")
    return `What the code asked for in one step is more than a message can hold: ${error.message}`;
  return undefined;
}
