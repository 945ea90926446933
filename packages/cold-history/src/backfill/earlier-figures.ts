import type { CountedElsewhere, ProjectionFeed, ReadModel } from "@downbeat/read-model";
import { dayMs } from "@downbeat/read-model/rules";
import type { FiguresMissing } from "@downbeat/read-model/views";
import type { ColdProgress } from "../port/asked.ts";
import { ColdError } from "../port/cold-error.ts";
import type { ColdSeries } from "../port/cold-series.ts";
import type { EarlierSource } from "./earlier-source.ts";

export interface EarlierFiguresOptions {
  readonly source: EarlierSource;
  readonly feed: ProjectionFeed;
  readonly readModel: ReadModel;
  readonly end: AbortSignal;
  readonly onFailure: (error: unknown) => void;
  /** Why it can't be found out which records count, which comes first. */
  readonly trouble: () => string | undefined;
}

interface Period {
  readonly from: number;
  readonly to: number;
}

/** Who looks at a chart asks for it again and again. When nobody has for so long, nobody looks any more. */
const wantedForMs = 30_000;
const failureKeptMs = 10_000;
/** So many rows are asked for at once, about. */
const fittingRows = 20_000;
const mostDays = 31;

/** Fills the read model's roll-ups with what happened before it begins: days that somebody looks at, the latest first, for as long as somebody does. */
export class EarlierFigures {
  readonly #options: EarlierFiguresOptions;
  #wanted: (Period & { readonly who: string; readonly askedAt: number }) | undefined;
  #asking: AbortController | undefined;
  #progress: ColdProgress | undefined;
  #failure: { readonly sentence: string; readonly at: number } | undefined;
  #working: Promise<void> | undefined;
  #daysAtOnce = 1;

  constructor(options: EarlierFiguresOptions) {
    this.#options = options;
    options.end.addEventListener("abort", () => this.#asking?.abort());
  }

  /** Has them filled. Says what of the period is missing now; `undefined`: nothing. */
  want(period: Period, who: string): FiguresMissing | undefined {
    const { source, readModel } = this.#options;
    const days = readModel.unfilledDays(period.from, period.to);
    const [first] = days;
    const last = days.at(-1);
    if (first === undefined || last === undefined) return undefined;
    this.#wanted = { ...period, who, askedAt: Date.now() };
    const recent = this.#recentFailure();
    if (recent === undefined) this.#work(who);
    const failure = recent ?? this.#options.trouble();
    const percent = this.#progress?.percent;
    return {
      source: source.source,
      from: first,
      to: last + dayMs,
      days: days.length,
      ...(percent !== undefined && failure === undefined && { percent }),
      ...(failure !== undefined && { trouble: failure }),
    };
  }

  async close(): Promise<void> {
    await this.#working;
  }

  #recentFailure(): string | undefined {
    const failure = this.#failure;
    return failure !== undefined && Date.now() - failure.at < failureKeptMs ? failure.sentence : undefined;
  }

  #work(who: string): void {
    if (this.#working !== undefined || this.#options.end.aborted) return;
    this.#working = this.#fill(who)
      .catch(this.#options.onFailure)
      .finally(() => {
        this.#working = undefined;
        this.#progress = undefined;
      });
  }

  async #fill(who: string): Promise<void> {
    for (;;) {
      const wanted = this.#wanted;
      const status = this.#options.feed.status();
      // Which records count is found out first: figures stay, so they must be right.
      if (wanted === undefined || status.earlier?.ignoredKnown !== true) return;
      if (this.#options.end.aborted || Date.now() - wanted.askedAt > wantedForMs) return;
      const days = this.#options.readModel.unfilledDays(wanted.from, wanted.to);
      if (days.length === 0) return;
      try {
        await this.#fillSome(
          latest(days, this.#daysAtOnce),
          status.earlier.beginning,
          status.partitions,
          who,
        );
        this.#failure = undefined;
      } catch (error) {
        if (this.#options.end.aborted) return;
        if (!(error instanceof ColdError)) throw error;
        this.#failure = { sentence: error.message, at: Date.now() };
        return;
      }
    }
  }

  async #fillSome(days: readonly number[], asOf: number, partitions: number, who: string): Promise<void> {
    const { source, readModel, feed } = this.#options;
    const [from = 0] = days;
    const to = (days.at(-1) ?? 0) + dayMs;
    const controller = new AbortController();
    this.#asking = controller;
    const watch = setInterval(() => {
      if (Date.now() - (this.#wanted?.askedAt ?? 0) > wantedForMs) controller.abort();
    }, 1_000);
    try {
      const { value } = await source.series(
        { from, to, spanMs: 60_000, asOf, log: readModel.knownLog(partitions) },
        {
          who,
          signal: controller.signal,
          onProgress: (progress) => {
            this.#progress = progress;
          },
        },
      );
      await feed.backfill({ type: "figures", days, figures: encoded(value) });
      const rows = value.runs.length + value.jobs.length + value.errors.length;
      const fitting = Math.floor((days.length * fittingRows) / Math.max(1, rows));
      this.#daysAtOnce = Math.min(Math.max(1, fitting), mostDays, days.length * 4);
    } finally {
      clearInterval(watch);
      this.#asking = undefined;
      this.#progress = undefined;
    }
  }
}

/** The last of them, without a gap between. */
function latest(days: readonly number[], most: number): number[] {
  const found: number[] = [];
  for (const day of days.toReversed()) {
    const next = found[0];
    if (found.length >= most || (next !== undefined && day !== next - dayMs)) break;
    found.unshift(day);
  }
  return found;
}

function encoded({ runs, jobs, errors }: ColdSeries): CountedElsewhere {
  return {
    runs: runs.map((row) => ({ ...row, durations: row.durations.encode() })),
    jobs: jobs.map((row) => ({ ...row, durations: row.durations.encode() })),
    errors,
  };
}
