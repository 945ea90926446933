import type { Failure } from "../failure.ts";

const name = "WorkerEnded";

/** Of an attempt that came back from a worker that had begun it. */
export function workerEnded(worker: string): Failure {
  const message = `${worker} ended, or lost its connection to the log, with the attempt in hand.`;
  return { kind: "technical", name, message };
}

export function isWorkerEnded(failure: Failure): boolean {
  return failure.kind === "technical" && failure.name === name;
}
