import type { FailureKind } from "@downbeat/domain";
import type { ErrorFigures, JobFigures, RunFigures } from "@downbeat/read-model";
import { LatencySketch } from "@downbeat/read-model/rules";
import type { ColdSeries } from "../port/cold-series.ts";

/** So many events of a kind in a bucket. */
export interface SeriesRow {
  readonly type: string;
  readonly workflow: string;
  /** Empty where there is none, or where the job was scheduled before what was read. */
  readonly jobType: string;
  readonly at: number;
  /** Of the error. */
  readonly name: string | null;
  readonly kind: FailureKind | null;
  /** Of the duration; null where there is none or its beginning was not read. */
  readonly bucket: number | null;
  readonly count: number;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const runFigures: Readonly<Record<string, "started" | "completed" | "failed" | "cancelled">> = {
  RunStarted: "started",
  RunCompleted: "completed",
  RunFailed: "failed",
  RunCancelled: "cancelled",
  RunTerminated: "cancelled",
};
const jobFigures: Readonly<Record<string, "completed" | "failedAttempts" | "rejected" | "stuck">> = {
  JobCompleted: "completed",
  AttemptFailed: "failedAttempts",
  JobRejected: "rejected",
  JobStuck: "stuck",
};
const errors: readonly string[] = ["AttemptFailed", "JobRejected", "RunStuck"];

/** Brings counted events into the form of the roll-ups. */
export class SeriesRows {
  readonly #runs = new Map<string, Writable<RunFigures>>();
  readonly #jobs = new Map<string, Writable<JobFigures>>();
  readonly #errors = new Map<string, Writable<ErrorFigures>>();
  /** Runs and jobs that ended in the period and began before what was read. */
  withoutBeginning = 0;

  get all(): Omit<ColdSeries, "spanMs"> {
    return {
      runs: [...this.#runs.values()],
      jobs: [...this.#jobs.values()],
      errors: [...this.#errors.values()],
    };
  }

  add(row: SeriesRow): void {
    const { type, count, bucket } = row;
    const runFigure = runFigures[type];
    if (runFigure !== undefined) {
      const run = this.#run(row);
      run[runFigure] += count;
      if (type === "RunCompleted") this.#addDuration(run.durations, bucket, count);
    }
    const jobFigure = jobFigures[type];
    if (jobFigure !== undefined) {
      const job = this.#job(row);
      job[jobFigure] += count;
      if (bucket !== null) job.durations.addBucket(bucket, count);
      if (job.jobType === "") this.withoutBeginning += count;
    }
    if (errors.includes(type)) this.#error(row).count += count;
  }

  #addDuration(durations: LatencySketch, bucket: number | null, count: number): void {
    if (bucket === null) this.withoutBeginning += count;
    else durations.addBucket(bucket, count);
  }

  #run({ workflow, at }: SeriesRow): Writable<RunFigures> {
    return entryOf(this.#runs, `${at}/${workflow}`, () => ({
      workflow,
      at,
      started: 0,
      completed: 0,
      failed: 0,
      cancelled: 0,
      durations: new LatencySketch(),
    }));
  }

  #job({ workflow, jobType, at }: SeriesRow): Writable<JobFigures> {
    return entryOf(this.#jobs, `${at}/${workflow}/${jobType}`, () => ({
      workflow,
      jobType,
      at,
      completed: 0,
      failedAttempts: 0,
      rejected: 0,
      stuck: 0,
      durations: new LatencySketch(),
    }));
  }

  #error({ workflow, jobType, at, name, kind }: SeriesRow): Writable<ErrorFigures> {
    return entryOf(this.#errors, [at, workflow, jobType, kind, name].join("\n"), () => ({
      workflow,
      jobType,
      at,
      name: name ?? "",
      kind: kind ?? "technical",
      count: 0,
    }));
  }
}

function entryOf<T>(entries: Map<string, T>, key: string, make: () => T): T {
  const known = entries.get(key);
  if (known !== undefined) return known;
  const made = make();
  entries.set(key, made);
  return made;
}
