import type { AdHocQuery, ResultSchema, ResultTable } from "../port/ad-hoc.ts";
import type { Asked } from "../port/asked.ts";
import type { ColdAnswer } from "../port/cold-answer.ts";
import type { ColdCounts, ColdCountsQuery } from "../port/cold-counts.ts";
import { cancelled } from "../port/cold-error.ts";
import type { ColdHeads, ColdHeadsQuery } from "../port/cold-heads.ts";
import type { ColdHistory } from "../port/cold-history.ts";
import type { ColdIgnored, ColdIgnoredQuery } from "../port/cold-ignored.ts";
import type { ColdListQuery, ColdRunList } from "../port/cold-list.ts";
import type { ColdOpenRuns, ColdOpenRunsQuery } from "../port/cold-open-runs.ts";
import type { ColdRun, ColdRunQuery } from "../port/cold-run.ts";
import type { ColdSeries, ColdSeriesQuery } from "../port/cold-series.ts";
import { adHoc } from "./ad-hoc.ts";
import { type CheckedAddress, checkedAddress, type PulsarSqlAddress } from "./address.ts";
import { checkHistory } from "./check.ts";
import { countRuns } from "./count-runs.ts";
import { type Executed, execute, type Most } from "./execute.ts";
import { heads } from "./heads.ts";
import { ignoredRecords } from "./ignored-records.ts";
import { listRuns } from "./list-runs.ts";
import { openRuns } from "./open-runs.ts";
import { ProgressMeter } from "./progress-meter.ts";
import { doubtful, type Found, type Question } from "./question.ts";
import { Queue } from "./queue.ts";
import { resultSchema } from "./result-schema.ts";
import { runSteps } from "./run-steps.ts";
import { series } from "./series.ts";
import { defaultTrinoLimits, type TrinoLimits } from "./trino-client.ts";

export interface PulsarSqlOptions extends PulsarSqlAddress {
  /** A query that takes longer is cancelled, ms. Default 120,000. */
  readonly timeoutMs?: number | undefined;
  /** Queries at a time, of all people. Default 4. */
  readonly atOnce?: number | undefined;
  /** How many more may wait for their turn. Default 100. */
  readonly waiting?: number | undefined;
  /**
   * How far publish times may be from the time of the engine, ms: so much around a period is read too. Default 60,000.
   */
  readonly skewMs?: number | undefined;
  /** How far before a period the starts of runs and jobs that end in it are looked for, ms. Default an hour. */
  readonly lookBackMs?: number | undefined;
  /** So many records at most a query holds in Pulsar SQL's memory that goes through the whole log: a longer log takes several. Default 200,000. */
  readonly mostRecords?: number | undefined;
  readonly limits?: Partial<TrinoLimits> | undefined;
}

/** @throws ColdError `notSetUp` when the address can't be one */
export function openPulsarSql(options: PulsarSqlOptions): ColdHistory {
  return new PulsarSql(options);
}

const checkTimeoutMs = 15_000;

class PulsarSql implements ColdHistory {
  readonly source = "Pulsar SQL";
  readonly #address: CheckedAddress;
  readonly #limits: TrinoLimits;
  readonly #timeoutMs: number;
  readonly #around: Pick<Question, "skewMs" | "lookBackMs" | "mostRecords">;
  readonly #queue: Queue;
  readonly #closing = new AbortController();
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(options: PulsarSqlOptions) {
    const {
      timeoutMs = 120_000,
      atOnce = 4,
      waiting = 100,
      skewMs = 60_000,
      lookBackMs = 3_600_000,
      mostRecords = 200_000,
    } = options;
    this.#address = checkedAddress(options);
    this.#limits = { ...defaultTrinoLimits, ...options.limits };
    this.#timeoutMs = timeoutMs;
    this.#around = { skewMs, lookBackMs, mostRecords };
    this.#queue = new Queue({ atOnce, waiting });
  }

  run(query: ColdRunQuery, asked: Asked): Promise<ColdAnswer<ColdRun>> {
    return this.#ask(asked, (question) => runSteps(query, question));
  }

  listRuns(query: ColdListQuery, asked: Asked): Promise<ColdAnswer<ColdRunList>> {
    return this.#ask(asked, async (question) => doubtful(await listRuns(query, question), query.log));
  }

  counts(query: ColdCountsQuery, asked: Asked): Promise<ColdAnswer<ColdCounts>> {
    return this.#ask(asked, async (question) => doubtful(await countRuns(query, question), query.log));
  }

  series(query: ColdSeriesQuery, asked: Asked): Promise<ColdAnswer<ColdSeries>> {
    return this.#ask(asked, async (question) => doubtful(await series(query, question), query.log));
  }

  ignored(query: ColdIgnoredQuery, asked: Asked): Promise<ColdAnswer<ColdIgnored>> {
    return this.#ask(asked, (question) => ignoredRecords(query, question));
  }

  openRuns(query: ColdOpenRunsQuery, asked: Asked): Promise<ColdAnswer<ColdOpenRuns>> {
    return this.#ask(asked, async (question) => doubtful(await openRuns(query, question), query.log));
  }

  heads(query: ColdHeadsQuery, asked: Asked): Promise<ColdAnswer<ColdHeads>> {
    return this.#ask(asked, (question) => heads(query, question));
  }

  query(query: AdHocQuery, asked: Asked): Promise<ColdAnswer<ResultTable>> {
    return this.#ask(asked, (question) => adHoc(query, question));
  }

  schema(asked: Asked): Promise<ColdAnswer<ResultSchema>> {
    return this.#ask(asked, resultSchema);
  }

  async check(signal: AbortSignal): Promise<void> {
    await checkHistory(this.#address, (statement) =>
      this.#execute(statement, "downbeat", AbortSignal.any([signal, this.#closing.signal]), checkTimeoutMs),
    );
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#underWay);
  }

  async #ask<T>(asked: Asked, answer: (question: Question) => Promise<Found<T>>): Promise<ColdAnswer<T>> {
    const { who } = asked;
    const signal = AbortSignal.any([asked.signal, this.#closing.signal]);
    const meter = new ProgressMeter(asked.onProgress);
    const question: Question = {
      address: this.#address,
      now: Date.now(),
      ...this.#around,
      execute: async (statement, most) => {
        if (signal.aborted) throw cancelled();
        const executed = await this.#execute(statement, who, signal, this.#timeoutMs, meter, most);
        meter.add(executed.read);
        return executed;
      },
    };
    const asking = this.#queue.take(who, signal, meter.wait, () => answer(question));
    this.#underWay.add(asking);
    try {
      const found = await asking;
      return { ...found, source: this.source, tookMs: meter.elapsedMs, read: meter.read };
    } finally {
      meter.end();
      this.#underWay.delete(asking);
    }
  }

  #execute(
    statement: Parameters<Question["execute"]>[0],
    who: string,
    signal: AbortSignal,
    timeoutMs: number,
    meter?: ProgressMeter,
    most?: Most,
  ): Promise<Executed> {
    return execute(statement, {
      address: this.#address,
      limits: this.#limits,
      signal,
      timeoutMs,
      who,
      most,
      onProgress: meter?.show,
    });
  }
}
