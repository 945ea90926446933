import { setTimeout } from "node:timers/promises";
import type { EarlierRun, EarlierStatus, ProjectionFeed, ReadModel } from "@downbeat/read-model";
import type { EarlierState } from "@downbeat/read-model/views";
import type { Asked, ColdProgress } from "../port/asked.ts";
import { ColdError } from "../port/cold-error.ts";
import { mostHeads } from "../port/cold-heads.ts";
import type { OpenRunPlace } from "../port/cold-open-runs.ts";
import { EarlierFigures } from "./earlier-figures.ts";
import { EarlierRuns } from "./earlier-runs.ts";
import type { EarlierSource } from "./earlier-source.ts";

export interface BackfillOptions {
  readonly source: EarlierSource;
  readonly feed: ProjectionFeed;
  readonly readModel: ReadModel;
  /** Told in one sentence what could not be found. */
  readonly onNotice?: (sentence: string) => void;
  /** Something else went wrong than that cold history does not answer: it is not gone on with. */
  readonly onFailure: (error: unknown) => void;
}

const firstPauseMs = 2_000;
const longestPauseMs = 15_000;
const lookAgainMs = 250;
/** Of questions that nobody in particular asks. */
const forTheServer = "the server";

/**
 * What the log took before the beginning of the cache. Finds out by itself which of those records don't count and which runs were open then, and gives both
 * to the projection; lists and figures of that time are asked for when somebody looks at it.
 */
export class Backfill {
  readonly runs: EarlierRuns;
  readonly figures: EarlierFigures;
  readonly #options: BackfillOptions;
  readonly #end = new AbortController();
  #progress: ColdProgress | undefined;
  #step: EarlierState["step"];
  #trouble: string | undefined;
  #working: Promise<void> | undefined;

  constructor(options: BackfillOptions) {
    this.#options = options;
    this.runs = new EarlierRuns(options);
    const trouble = (): string | undefined => this.#trouble;
    this.figures = new EarlierFigures({ ...options, end: this.#end.signal, trouble });
    options.feed.onRebuilt(() => this.#start());
    this.#start();
  }

  /** `undefined` when the read model goes back to the beginning of the log. */
  state(): EarlierState | undefined {
    const status = this.#options.feed.status().earlier;
    if (status === undefined) return undefined;
    const percent = this.#progress?.percent;
    return {
      source: this.#options.source.source,
      beginning: status.beginning,
      openRunsKnown: status.openRunsKnown,
      orphanRuns: status.orphanRuns,
      ...(this.#step !== undefined && { step: this.#step }),
      ...(this.#step !== undefined && percent !== undefined && { percent }),
      ...(this.#trouble !== undefined && { trouble: this.#trouble }),
    };
  }

  async close(): Promise<void> {
    this.#end.abort();
    await this.#working;
    await this.figures.close();
  }

  #start(): void {
    if (this.#working !== undefined || this.#end.signal.aborted) return;
    this.#working = this.#work()
      .catch(this.#options.onFailure)
      .finally(() => {
        this.#working = undefined;
        this.#step = undefined;
      });
  }

  async #work(): Promise<void> {
    for (let pauseMs = firstPauseMs; ; ) {
      const { partitions, earlier } = this.#options.feed.status();
      if (this.#end.signal.aborted) return;
      if (partitions === 0) {
        await pause(lookAgainMs, this.#end.signal);
        continue;
      }
      if (earlier === undefined || earlier.openRunsKnown) return;
      try {
        await this.#next(earlier, partitions);
        this.#trouble = undefined;
        pauseMs = firstPauseMs;
      } catch (error) {
        if (this.#end.signal.aborted) return;
        if (!(error instanceof ColdError)) throw error;
        this.#trouble = error.message;
        this.#step = undefined;
        await pause(pauseMs, this.#end.signal);
        pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      }
    }
  }

  async #next({ beginning: asOf, ignoredKnown }: EarlierStatus, partitions: number): Promise<void> {
    const { source, feed, readModel } = this.#options;
    this.#progress = undefined;
    if (!ignoredKnown) {
      this.#step = "records";
      const { value } = await source.ignored({ asOf, log: { partitions } }, this.#asked);
      return feed.backfill({ type: "ignored", records: value });
    }
    this.#step = "openRuns";
    const log = readModel.knownLog(partitions);
    const { value } = await source.openRuns({ asOf, log }, this.#asked);
    if (value.hasMore)
      this.#notice(`More than ${value.places.length} runs were open; the younger ones are left out.`);
    const places = value.places.filter(({ runId }) => !readModel.isListed(runId));
    for (let index = 0; index < places.length; index += mostHeads) {
      const some = places.slice(index, index + mostHeads);
      const { value: found, note } = await source.heads({ places: some, asOf, log }, this.#asked);
      if (note !== undefined) this.#notice(note);
      const placeOf = new Map(some.map((place) => [place.runId, place]));
      const runs = found.heads.flatMap((head) => withPlace(head, placeOf.get(head.runId)));
      await feed.backfill({ type: "openRuns", runs, isLast: false });
    }
    await feed.backfill({ type: "openRuns", runs: [], isLast: true });
  }

  get #asked(): Asked {
    return {
      who: forTheServer,
      signal: this.#end.signal,
      onProgress: (progress) => {
        this.#progress = progress;
        // It answers again.
        if (progress.state === "reading") this.#trouble = undefined;
      },
    };
  }

  #notice(sentence: string): void {
    this.#options.onNotice?.(`Of the time before the read model begins: ${sentence}`);
  }
}

function withPlace(
  head: Pick<EarlierRun, "runId" | "partition" | "steps">,
  place: OpenRunPlace | undefined,
): EarlierRun[] {
  return place === undefined ? [] : [{ ...head, published: { first: place.from, last: place.to } }];
}

/** Resolves early when the signal is aborted. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return setTimeout(ms, undefined, { signal }).catch(() => {});
}
