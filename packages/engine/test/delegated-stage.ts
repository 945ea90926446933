import type { RunDecision } from "@downbeat/domain";
import { type AskedQuestion, type InboxCommand, parseQuestionMessage, topics } from "@downbeat/protocol";
import type { Delegation } from "../src/delegation.ts";
import { EngineStage } from "./engine-stage.ts";

export const inWorkers = {
  takes: () => true,
  problemWith: async () => undefined,
  misfit: async () => undefined,
  buildsOf: () => ["b7"],
} satisfies Delegation;

/** An engine whose workflow code lives elsewhere. */
export async function staged(delegation: Delegation = inWorkers) {
  const stage = new EngineStage();
  await stage.owning({ delegation });
  const read = new Map<string, number>();
  /** What was asked since it was last looked: of anybody, or of a build. */
  const asked = (build?: string): AskedQuestion[] => {
    const topic = build === undefined ? topics.decisions("trip") : topics.decisionsOfBuild("trip", build);
    const messages = stage.log.messages(topic);
    const questions = messages
      .slice(read.get(topic) ?? 0)
      .flatMap(({ payload }) => parseQuestionMessage(payload).questions);
    read.set(topic, messages.length);
    return questions;
  };
  const send = async (...commands: InboxCommand[]) => {
    stage.send(...commands);
    await stage.settle();
  };
  const answer = async (upTo: number, id: string, ...decisions: RunDecision[]) =>
    send({
      type: "AnswerQuestion",
      commandId: `answer-${id}`,
      runId: "r",
      upTo,
      answerId: id,
      decisions,
      worker: "w1",
      build: "b7",
    });
  const done = async (jobId: string, attempt = 1) =>
    send({
      type: "CompleteAttempt",
      commandId: `done-${jobId}`,
      runId: "r",
      jobId,
      attempt,
      worker: "w",
      startedAt: 1,
      output: "1",
    });
  const told = ({ events }: AskedQuestion) => events.map(({ seq, event }) => `${seq} ${event.type}`);
  await send(stage.start("r", "trip"));
  return { stage, asked, send, answer, done, told };
}

export const job = (jobId: string): RunDecision => ({
  type: "ScheduleJob",
  jobId,
  jobType: "fly",
  input: "1",
});
export const by = (actionId: string) => ({ action: { actionId, actor: "mia", reason: "" } });
