import type { WorkerView } from "@downbeat/api/views";
import { formatCount } from "../../lib/number.ts";

type Jobs = Pick<WorkerView, "jobs">;

/** How much a worker was at when it was heard: "3 of 110". */
export function loadWords({ jobs }: Jobs): string {
  if (jobs.length === 0 || jobs.some(({ inHand }) => inHand === undefined)) return "–";
  const inHand = jobs.reduce((sum, job) => sum + (job.inHand ?? 0), 0);
  const most = jobs.reduce((sum, { concurrency }) => sum + concurrency, 0);
  return `${formatCount(inHand)} of ${formatCount(most)}`;
}

/** The same by kind of job, the fullest first. */
export function loadDetails({ jobs }: Jobs): string {
  if (jobs.length === 0) return "It takes no jobs.";
  if (jobs.some(({ inHand }) => inHand === undefined)) return "This worker’s SDK does not report it.";
  return jobs
    .toSorted((one, other) => (other.inHand ?? 0) / other.concurrency - (one.inHand ?? 0) / one.concurrency)
    .map(
      ({ type, inHand = 0, concurrency }) => `${type}: ${formatCount(inHand)} of ${formatCount(concurrency)}`,
    )
    .join("\n");
}
