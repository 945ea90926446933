import type { Consumer, ReceivedMessage } from "@downbeat/message-log";
import { type JobMessage, parseJobMessage, subscriptions, topics } from "@downbeat/protocol";
import type { Random } from "./random.ts";
import type { Schedule } from "./schedule.ts";
import { jobTypes } from "./workflows.ts";
import { SimulatedProcess } from "./world.ts";

/** A worker that takes every type of job. */
export function startWorker(schedule: Schedule, name: string): void {
  const process = new SimulatedProcess(name);
  const log = schedule.log.connect(process);
  const open = (jobType: string) => {
    let consumer: Consumer | undefined;
    log
      .openConsumer(topics.jobs(jobType), {
        subscription: subscriptions.workers,
        type: "Shared",
        consumerName: name,
        onMessage: (message) => work(schedule, name, message, () => consumer),
        onClose: () => schedule.world.schedule(200, () => open(jobType), process),
      })
      .then((opened) => {
        consumer = opened;
      });
  };
  for (const jobType of schedule.options.orders === true ? [...jobTypes, "quote"] : jobTypes) open(jobType);
}

/** Answers rightly, wrongly, late, twice or never. In peace it answers every attempt, with success. */
function work(
  schedule: Schedule,
  worker: string,
  message: ReceivedMessage,
  consumer: () => Consumer | undefined,
): void {
  const { random } = schedule.world;
  const attempt = parseJobMessage(message.payload);
  const startedAt = Math.floor(schedule.world.now);
  const base = {
    commandId: resultId(attempt),
    runId: attempt.runId,
    jobId: attempt.jobId,
    attempt: attempt.attempt,
    worker,
    startedAt,
  };
  const chance = schedule.inTrouble ? random.next() : 1;
  const acknowledge = () => consumer()?.acknowledge(message.position);
  if (chance < 0.06) {
    schedule.world.schedule(random.between(0, 500), acknowledge);
    return;
  }
  if (random.chance(0.2))
    schedule.send({ type: "HeartbeatAttempt", ...base, commandId: schedule.commandId() });
  const answer = () => {
    if (chance < 0.25) {
      const failure = {
        kind: "technical",
        name: "ConnectionError",
        message: `attempt ${attempt.attempt}`,
      } as const;
      schedule.send({ type: "FailAttempt", ...base, failure });
    } else if (chance < 0.32) {
      schedule.send({
        type: "RejectAttempt",
        ...base,
        failure: { kind: "business", name: "SoldOut", message: "no seats" },
      });
    } else {
      const output = attempt.jobType === "quote" ? randomSum(random) : `${attempt.jobType} done`;
      schedule.send({ type: "CompleteAttempt", ...base, output: JSON.stringify(output) });
    }
    acknowledge();
  };
  const late =
    schedule.inTrouble && random.chance(0.1) ? random.between(4_000, 12_000) : random.between(1, 400);
  schedule.world.schedule(late, answer);
}

/** Of an order: in euros or in cents. */
export function randomSum(random: Random): object {
  return random.chance(0.5) ? { euros: 1 } : { cents: 100 };
}

function resultId(attempt: Pick<JobMessage, "runId" | "jobId" | "attempt">): string {
  return `${attempt.runId}/${attempt.jobId}/${attempt.attempt}/result`;
}
