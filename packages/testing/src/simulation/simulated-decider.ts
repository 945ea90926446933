import type { Failure, RunDecision } from "@downbeat/domain";
import type { Consumer, MessageLog, ReceivedMessage } from "@downbeat/message-log";
import {
  type AskedQuestion,
  type DecisionSession,
  parseQuestionMessage,
  type RecordedEvent,
  subscriptions,
  topics,
} from "@downbeat/protocol";
import type { AnyWorkflow } from "@downbeat/sdk";
import { inProcessDecisions } from "@downbeat/sdk/decisions";
import type { Schedule } from "./schedule.ts";
import { indexOf } from "./simulated-subscription.ts";
import { deadly, workflows } from "./workflows.ts";
import { SimulatedProcess } from "./world.ts";

export interface DeciderManners {
  /** Goes on from whatever answer it gave last, whether or not that counted. */
  readonly trusting?: boolean;
  /** Gets runs stuck whose history its code does not fit, whoever decided it. */
  readonly stubborn?: boolean;
  /** Gets runs stuck by what its schemas don't take, and passes over signals that they don't take, without having others asked. */
  readonly hasty?: boolean;
  /** Never dies. */
  readonly steady?: boolean;
  /** How often what it was asked ended it, by run; without it, no code does. */
  readonly diedOf?: Map<string, number>;
  /** Puts every question to its code, however often it came back. */
  readonly reckless?: boolean;
  /** Does not say that it begins what ended workers before. */
  readonly heedless?: boolean;
}

/** Whether the question came back from workers that ended. */
interface Coming {
  /** How often it was delivered before, as far as the log knows. */
  readonly count: number;
  /** It was there before this worker, and the log forgets. */
  readonly isUncounted: boolean;
}

/** What it hosts. */
export interface DeciderCode {
  readonly workflows: readonly AnyWorkflow[];
  readonly build?: string;
}

interface Known {
  readonly history: RecordedEvent[];
  /** Its last answer. */
  answerId: string;
}

/** A worker that hosts the code: slow, forgetful, answering twice, or late; it dies between its answer and the acknowledgement of the question. */
export class SimulatedDecider {
  readonly #schedule: Schedule;
  readonly #manners: DeciderManners;
  readonly #name: string;
  readonly #code: DeciderCode;
  #process: SimulatedProcess;
  #session: DecisionSession;
  readonly #known = new Map<string, Known>();
  /** What was put to its code in this life, by run. */
  readonly #put = new Map<string, number>();
  #answers = 0;

  constructor(
    schedule: Schedule,
    name: string,
    manners: DeciderManners = {},
    code: DeciderCode = { workflows },
  ) {
    this.#schedule = schedule;
    this.#manners = manners;
    this.#name = name;
    this.#code = code;
    this.#process = new SimulatedProcess(name);
    this.#session = inProcessDecisions(code.workflows).openSession();
    this.#open(schedule.log.connect(this.#process));
  }

  #open(log: MessageLog): void {
    const { build } = this.#code;
    for (const { name } of this.#code.workflows) {
      this.#subscribe(log, topics.decisions(name), this.#process);
      if (build !== undefined) this.#subscribe(log, topics.decisionsOfBuild(name, build), this.#process);
    }
  }

  get isThere(): boolean {
    return this.#process.alive;
  }

  get build(): string | undefined {
    return this.#code.build;
  }

  #subscribe(log: MessageLog, topic: string, life: SimulatedProcess): void {
    let consumer: Consumer | undefined;
    let end = 0;
    log
      .openConsumer(topic, {
        subscription: subscriptions.deciders,
        type: "Key_Shared",
        consumerName: this.#name,
        onMessage: (message) => {
          const isUncounted =
            this.#schedule.log.forgetsDeliveries &&
            message.redeliveryCount === 0 &&
            indexOf(message.position) < end;
          void this.#receive(message, () => consumer, life, { count: message.redeliveryCount, isUncounted });
        },
        onClose: () => this.#schedule.world.schedule(200, () => this.#subscribe(log, topic, life), life),
      })
      .then((opened) => {
        consumer = opened;
        end = this.#schedule.log.messages(topic).length;
      });
  }

  async #receive(
    message: ReceivedMessage,
    consumer: () => Consumer | undefined,
    life: SimulatedProcess,
    coming: Coming,
  ): Promise<void> {
    const { world } = this.#schedule;
    const { random } = world;
    const isInTrouble = this.#schedule.inTrouble;
    const { questions } = parseQuestionMessage(message.payload);
    // Somebody skips a backlog.
    if (isInTrouble && random.chance(0.03)) return consumer()?.acknowledge(message.position);
    // Forgets one, as a full cache does.
    if (random.chance(0.1)) this.#forget(random.pick([...this.#known.keys(), ""]));
    const sent = questions.map(async (question) => {
      await this.#pass(random.between(0, 60), life);
      const answer = this.#cameBack(question, coming) ?? (await this.#answer(question, life));
      const late = isInTrouble && random.chance(0.1) ? random.between(1_000, 40_000) : random.between(0, 40);
      await this.#pass(late, life);
      if (!life.alive) return;
      this.#schedule.send(answer);
      if (isInTrouble && random.chance(0.1))
        world.schedule(random.between(0, 20_000), () => this.#schedule.send(answer), life);
    });
    await Promise.all(sent);
    if (isInTrouble && random.chance(0.05) && this.#manners.steady !== true) return this.#die();
    world.schedule(random.between(0, 30), () => consumer()?.acknowledge(message.position), life);
  }

  #pass(ms: number, life: SimulatedProcess): Promise<void> {
    return new Promise((resolve) => void this.#schedule.world.schedule(ms, resolve, life));
  }

  /** What the engine is told of a question that is not put to the code. */
  #cameBack({ runId, upTo, attempt, ends, begins }: AskedQuestion, { count, isUncounted }: Coming) {
    const { reckless, heedless, diedOf } = this.#manners;
    if (diedOf === undefined || reckless === true || this.#put.get(runId) === upTo) return undefined;
    const isCounted = count >= (ends === undefined ? 2 : 1);
    const { forgetsDeliveries } = this.#schedule.log;
    const isToBegin = forgetsDeliveries && begins === false && heedless !== true;
    if (!isCounted && !isUncounted && !isToBegin) return undefined;
    const ended = isUncounted ? "maybe" : "begins";
    return {
      type: "AskAgain",
      commandId: this.#schedule.commandId(),
      runId,
      upTo,
      attempt,
      because: "workerEnded",
      ...(!isCounted && ({ ended } as const)),
    } as const;
  }

  async #answer(question: AskedQuestion, life: SimulatedProcess) {
    const { runId, workflow, upTo, attempt, continues, events } = question;
    const { build } = this.#code;
    const base = {
      commandId: this.#schedule.commandId(),
      runId,
      upTo,
      ...(build !== undefined && { build }),
    } as const;
    const notMine = { type: "AskAgain", ...base, attempt, because: "notMine" } as const;
    if (question.build !== undefined && question.build !== build) return notMine;
    const again = { type: "AskAgain", ...base, attempt, because: "history" } as const;
    let known = this.#known.get(runId);
    if (continues === undefined) {
      this.#forget(runId);
      known = { history: [], answerId: "" };
    } else if (known === undefined) return again;
    else if (known.answerId !== continues && this.#manners.trusting !== true) {
      this.#forget(runId);
      return again;
    }
    known.history.push(...events);
    this.#known.set(runId, known);
    this.#put.set(runId, upTo);
    if (workflow === deadly.name && this.#manners.diedOf !== undefined && isDeadlyAfter(known.history)) {
      const { diedOf } = this.#manners;
      diedOf.set(runId, (diedOf.get(runId) ?? 0) + 1);
      this.#die();
      return this.#pass(0, life).then(() => again);
    }
    const answerId = `${this.#name}-${++this.#answers}`;
    const decisions = await this.#session.ask({ runId, workflow, history: known.history });
    known.answerId = answerId;
    const untaken = this.#manners.hasty === true ? undefined : untakenIn(decisions);
    if (untaken !== undefined && (untaken.signalId === undefined || question.passesOver !== true))
      return { ...notMine, ...untaken };
    if (this.#manners.stubborn !== true && isMisfit(decisions)) {
      const isWhole = continues === undefined;
      this.#forget(runId);
      if (!isWhole) return again;
      if (events.some(({ event }) => event.type === "CodeAnswered" && event.build !== build)) return notMine;
    }
    const isPinned = this.#code.workflows.some(
      ({ name, versioning }) => name === workflow && versioning === "pinned",
    );
    return {
      type: "AnswerQuestion",
      ...base,
      answerId,
      decisions,
      worker: this.#name,
      ...(isPinned && { versioning: "pinned" as const }),
    } as const;
  }

  #forget(runId: string): void {
    this.#known.delete(runId);
    this.#session.forget(runId);
  }

  /** All that it has in hand goes with it, and it is started again. */
  #die(): void {
    if (!this.#process.alive) return;
    this.#process.alive = false;
    this.#schedule.log.disconnect(this.#process);
    this.#schedule.world.schedule(this.#schedule.world.random.between(100, 8_000), () => {
      this.#process = new SimulatedProcess(this.#name);
      this.#session = inProcessDecisions(this.#code.workflows).openSession();
      this.#known.clear();
      this.#put.clear();
      this.#open(this.#schedule.log.connect(this.#process));
    });
  }
}

/** What of the history its schemas don't take. */
function untakenIn(
  decisions: readonly RunDecision[],
): { readonly failure: Failure; readonly signalId?: string } | undefined {
  for (const decision of decisions) {
    if (decision.type === "GetStuck" && decision.failure.kind === "invalid")
      return { failure: decision.failure };
    if (decision.type !== "AwaitSignal" || decision.signalId === undefined) continue;
    const { signalId } = decision;
    return { failure: { kind: "invalid", name: "InvalidSignal", message: signalId }, signalId };
  }
  return undefined;
}

/** The code goes well at first, and then takes its process with it. */
function isDeadlyAfter(history: readonly RecordedEvent[]): boolean {
  return history.some(({ event }) => event.type === "JobCompleted");
}

function isMisfit(decisions: readonly RunDecision[]): boolean {
  return decisions.some(
    (decision) => decision.type === "GetStuck" && decision.failure.kind === "nonDeterminism",
  );
}
