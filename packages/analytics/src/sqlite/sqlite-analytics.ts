import type { AdHocQuery, Asked, ColdAnswer, ResultSchema, ResultTable } from "@downbeat/cold-history";
import { ColdError } from "@downbeat/cold-history";
import type { Freshness } from "@downbeat/read-model/views";
import type { Analytics, AnalyticsAbout } from "../analytics.ts";
import { Slots } from "../slots.ts";
import { sqliteExamples } from "./examples.ts";
import { peopleTables } from "./people-tables.ts";
import { QueryProcess } from "./query-process.ts";

export interface SqliteAnalyticsOptions {
  /** The read model's file. */
  readonly path: string;
  readonly freshness: () => Freshness;
  /** A query that takes longer is ended, ms. Default a minute. */
  readonly timeLimitMs?: number;
}

const atOnce = 2;
const mostWaiting = 20;
const progressEveryMs = 250;
const idleMs = 120_000;
const nothingRead = { rows: 0, bytes: 0 };

const schema: ResultSchema = {
  tables: peopleTables.map(({ name, about, columns }) => ({
    name,
    about,
    columns: columns.map(({ name, type, about }) => ({ name, type, ...(about !== undefined && { about }) })),
  })),
};

/** People's queries to the read model's tables, each in a process that is killed when it is not wanted any more. */
export class SqliteAnalytics implements Analytics {
  readonly about: AnalyticsAbout = {
    id: "readModel",
    name: "Read model",
    dialect: "SQLite",
    reach:
      "What the dashboard itself shows, up to this moment. It holds every run and all figures; the events, jobs and attempts of runs that ended long ago have left it.",
    examples: sqliteExamples,
  };
  readonly #options: SqliteAnalyticsOptions;
  readonly #slots = new Slots(atOnce, mostWaiting);
  readonly #closing = new AbortController();
  #spare: QueryProcess | undefined;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(options: SqliteAnalyticsOptions) {
    this.#options = options;
  }

  async query(query: AdHocQuery, asked: Asked): Promise<ColdAnswer<ResultTable>> {
    const began = performance.now();
    const { signal, onProgress } = asked;
    const wanted = AbortSignal.any([signal, this.#closing.signal]);
    const tell = (state: "waiting" | "reading"): void =>
      onProgress?.({ state, ...nothingRead, elapsedMs: performance.now() - began });
    tell("waiting");
    const giveBack = await this.#slots.take(wanted);
    tell("reading");
    const timer = setInterval(() => tell("reading"), progressEveryMs);
    try {
      // What is there when the query begins is what it sees.
      const { completeTo, note } = this.#options.freshness();
      const value = await this.#run(query, wanted);
      return { ...this.#answer(value, began, completeTo), ...(note !== undefined && { note }) };
    } finally {
      clearInterval(timer);
      giveBack();
    }
  }

  /** Somebody looks at the tables: most likely a query comes soon, so a process is started for it. */
  async schema(_asked: Asked): Promise<ColdAnswer<ResultSchema>> {
    const began = performance.now();
    if (!this.#closing.signal.aborted) this.#keep(this.#takeSpare());
    return this.#answer(schema, began, this.#options.freshness().completeTo);
  }

  /** The file was replaced. */
  reopen(): void {
    this.#spare?.end();
    this.#spare = undefined;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    clearTimeout(this.#idleTimer);
    this.reopen();
  }

  #answer<T>(value: T, began: number, completeTo: number): ColdAnswer<T> {
    const tookMs = performance.now() - began;
    return { value, source: this.about.name, tookMs, read: nothingRead, completeTo, isComplete: true };
  }

  async #run(query: AdHocQuery, wanted: AbortSignal): Promise<ResultTable> {
    const { timeLimitMs = 60_000 } = this.#options;
    const process = this.#takeSpare();
    const inTime = AbortSignal.timeout(timeLimitMs);
    const end = (): void => process.end();
    const stop = AbortSignal.any([wanted, inTime]);
    stop.addEventListener("abort", end);
    if (stop.aborted) end();
    try {
      return await process.query(query);
    } catch (error) {
      if (wanted.aborted) throw new ColdError("cancelled", "The query was cancelled.", { cause: error });
      if (inTime.aborted) {
        const seconds = Math.round(timeLimitMs / 1_000);
        throw new ColdError(
          "timeout",
          `The query took longer than ${seconds} s and was ended: narrow it by time or run, or ask the figures' tables.`,
          { cause: error },
        );
      }
      throw error;
    } finally {
      stop.removeEventListener("abort", end);
      this.#keep(process);
    }
  }

  #takeSpare(): QueryProcess {
    const spare = this.#spare;
    this.#spare = undefined;
    clearTimeout(this.#idleTimer);
    return spare === undefined || spare.ended ? new QueryProcess(this.#options.path) : spare;
  }

  /** One is kept for the next query: starting one takes longer than most queries. */
  #keep(process: QueryProcess): void {
    if (process.ended) return;
    if (this.#spare !== undefined || this.#closing.signal.aborted) return process.end();
    this.#spare = process;
    this.#idleTimer = setTimeout(() => this.reopen(), idleMs);
    this.#idleTimer.unref();
  }
}
