import type { RunCommand, RunDecision, RunEvent } from "@downbeat/domain";
import {
  type Consumer,
  type ConsumerOptions,
  type MessageLog,
  type Position,
  position,
  systemClock,
} from "@downbeat/message-log";
import { type AskedQuestion, type DecisionAnswer, topics } from "@downbeat/protocol";
import { Payloads } from "../src/codec/payloads.ts";
import { QuestionQueue, type QuestionQueueOptions } from "../src/worker/question-queue.ts";
import type { StuckRun, UntakenOfRun } from "../src/worker/run-problems.ts";
import { until } from "./open-log.ts";

interface Session extends ConsumerOptions {
  readonly topic: string;
  isClosed: boolean;
}

export const anybody = topics.decisions("trip");
export const started: RunEvent = { type: "RunStarted", workflow: "trip", input: "1", codeIn: "workers" };
export const job = (jobId: string, input = "1"): RunDecision => ({
  type: "ScheduleJob",
  jobId,
  jobType: "fly",
  input,
});

export function asked(runId: string, more: Partial<AskedQuestion> = {}): AskedQuestion {
  const events = [{ seq: 1, at: 5, event: started }];
  return { runId, workflow: "trip", upTo: 1, attempt: 1, events, ...more };
}

/** A queue whose log hands over what the test does, and whose code answers as the test says. */
export async function opened(
  more: Partial<QuestionQueueOptions> & { readonly forgets?: true; readonly ends?: Position } = {},
) {
  const sessions: Session[] = [];
  const acknowledged: Position[] = [];
  const log = {
    ...(more.forgets && { forgetsDeliveries: true }),
    lastPosition: async () => more.ends,
    openConsumer: async (topic: string, options: ConsumerOptions): Promise<Consumer> => {
      if (state.refusal !== undefined) throw state.refusal;
      const session: Session = { ...options, topic, isClosed: false };
      sessions.push(session);
      return {
        acknowledge: (at) => void acknowledged.push(at),
        negativeAcknowledge: () => {},
        close: async () => {
          session.isClosed = true;
        },
      };
    },
  } as never as MessageLog;
  const sent: RunCommand[] = [];
  const state = {
    questions: [] as AskedQuestion[],
    /** Why the log lets nobody take anything. */
    refusal: undefined as Error | undefined,
    answer: async (_: AskedQuestion): Promise<DecisionAnswer> => decided(job("j1")),
    send: async (command: RunCommand): Promise<void> => void sent.push(command),
  };
  const stuck: StuckRun[] = [];
  const untaken: UntakenOfRun[] = [];
  const problems: string[] = [];
  const setAside: unknown[] = [];
  const queue = new QuestionQueue("trip", {
    log,
    sender: { send: (command) => state.send(command) },
    quarantine: {
      add: async (topic, at, payload, reason) =>
        void setAside.push([topic, at, Buffer.from(payload).toString(), reason]),
    },
    payloads: new Payloads(undefined),
    host: {
      answer: (question) => {
        state.questions.push(question);
        return state.answer(question);
      },
    },
    worker: "me",
    reconnect: { clock: systemClock, minDelayMs: 1 },
    onStuck: (run) => void stuck.push(run),
    onUntaken: (run) => void untaken.push(run),
    onProblem: (what) => void problems.push(what),
    ...more,
  });
  const topicsOpen = more.build === undefined ? 1 : 2;
  await until(() => sessions.length === topicsOpen, "the consumers");
  const deliver = (at: number, questions: readonly unknown[], redeliveryCount = 0, topic = anybody): void => {
    sessions
      .findLast((session) => session.topic === topic)
      ?.onMessage({
        position: position(1, at),
        payload: Buffer.from(JSON.stringify({ questions })),
        properties: {},
        publishTime: 1,
        redeliveryCount,
      });
  };
  /** Delivers it, and waits until it is acknowledged. */
  const take = async (at: number, questions: readonly unknown[], redeliveryCount = 0): Promise<void> => {
    deliver(at, questions, redeliveryCount);
    await until(() => acknowledged.includes(position(1, at)), "the acknowledgement");
  };
  return { queue, sessions, acknowledged, sent, state, stuck, untaken, problems, setAside, deliver, take };
}

let ids = 0;
export const decided = (...decisions: RunDecision[]): DecisionAnswer => ({
  type: "decided",
  answerId: `a${++ids}`,
  decisions,
});
