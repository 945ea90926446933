import { setTimeout } from "node:timers/promises";
import type { AbsenceCause, ReadModel, WaitCause } from "@downbeat/read-model";
import type { Announcements } from "../announcements/announcements.ts";
import { heldBulks } from "../bulk/held-bulks.ts";
import type { JobTopics } from "../job-topics.ts";

export interface WaitWatchOptions {
  readonly readModel: Pick<ReadModel, "openWork" | "waitingRuns" | "openRunsLabelled" | "run">;
  readonly jobTopics: Pick<JobTopics, "figures">;
  readonly announcements: Pick<Announcements, "everybody">;
  readonly now: () => number;
  /** A wait in which workers are there is a cause when it is longer, ms. */
  readonly backlogAfterMs?: number;
}

/** A worker that is started again is back sooner. */
const absentAfterMs = 10_000;
const defaultBacklogAfterMs = 600_000;
const keptMs = 2_000;
/** An answer does not wait longer for it. */
const patienceMs = 800;

interface Known {
  readonly at: number;
  readonly causes: readonly WaitCause[];
  readonly runs: number;
}

/** Finds out what open runs wait for that nobody does, from what is open and who is there, and which bulk actions hold. Looked at most once in a while, for everybody together. */
export class WaitWatch {
  readonly #o: WaitWatchOptions;
  #known: Known = { at: Number.NEGATIVE_INFINITY, causes: [], runs: 0 };
  #looking: Promise<void> | undefined;

  constructor(options: WaitWatchOptions) {
    this.#o = options;
  }

  /** As far as is known when the log takes long to say who is there. */
  async causes(): Promise<readonly WaitCause[]> {
    const late = new AbortController();
    const patience = setTimeout(patienceMs, undefined, { signal: late.signal }).catch(() => {});
    await Promise.race([this.#look(), patience]);
    late.abort();
    return this.#known.causes;
  }

  /** As was known last. */
  get known(): readonly WaitCause[] {
    return this.#known.causes;
  }

  /** Runs that wait for one of them, and are not stuck besides, as was known last. Has it looked at again. */
  get runs(): number {
    void this.#look();
    return this.#known.runs;
  }

  /** Whether a worker for the job type is connected or has announced itself; `undefined` when nobody can say. */
  async isServed(jobType: string): Promise<boolean | undefined> {
    const [figures, workers] = await Promise.all([this.#o.jobTopics.figures(jobType), this.#workers()]);
    if (figures === undefined && workers === undefined) return undefined;
    return (
      (figures?.workers ?? 0) > 0 ||
      workers?.some(({ jobs }) => jobs.some(({ type }) => type === jobType)) === true
    );
  }

  #look(): Promise<void> {
    if (this.#o.now() - this.#known.at < keptMs) return Promise.resolve();
    this.#looking ??= this.#find()
      .then((causes) => {
        const runs = this.#o.readModel.waitingRuns(causes);
        this.#known = { at: this.#o.now(), causes, runs };
      })
      // What could not be found out is not known, and asked again: whoever needs the log says that it is away.
      .catch(() => {
        this.#known = { ...this.#known, at: this.#o.now() };
      })
      .finally(() => {
        this.#looking = undefined;
      });
    return this.#looking;
  }

  async #find(): Promise<WaitCause[]> {
    const { readModel, now, backlogAfterMs = defaultBacklogAfterMs } = this.#o;
    const { jobs, answers } = readModel.openWork();
    const workers = await this.#workers();
    const causes: WaitCause[] = heldBulks(readModel);
    const isLate = (since: number | undefined, ms: number) => since !== undefined && now() - since > ms;
    for (const [name, { waitingSince }] of jobs) {
      if (!isLate(waitingSince, absentAfterMs)) continue;
      const isServed = await this.isServed(name);
      if (isServed === false) causes.push({ kind: "noWorker", on: "job", name });
      else if (isServed === undefined) causes.push(...this.#knownOf("job", name));
      else if (isLate(waitingSince, backlogAfterMs))
        causes.push({ kind: "backlog", on: "job", name, longerThanMs: backlogAfterMs });
    }
    for (const [name, { oldest }] of answers) {
      if (!isLate(oldest, absentAfterMs)) continue;
      const isHosted = workers?.some(({ workflows }) => workflows.includes(name));
      if (isHosted === false) causes.push({ kind: "noHost", on: "code", name });
      else if (isHosted === undefined) causes.push(...this.#knownOf("code", name));
      else if (isLate(oldest, backlogAfterMs))
        causes.push({ kind: "backlog", on: "code", name, longerThanMs: backlogAfterMs });
    }
    return causes;
  }

  /** What was found when the log last said who is there. */
  #knownOf(on: AbsenceCause["on"], name: string): readonly WaitCause[] {
    return this.#known.causes.filter((cause) => cause.on === on && cause.name === name);
  }

  /** `undefined` when the log does not say. */
  #workers(): Promise<Awaited<ReturnType<Announcements["everybody"]>> | undefined> {
    return this.#o.announcements.everybody().catch(() => undefined);
  }
}
