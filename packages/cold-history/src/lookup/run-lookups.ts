import { partitionOf } from "@downbeat/domain";
import type { ReadModel, RunPlace } from "@downbeat/read-model";
import { durationWords } from "@downbeat/read-model/rules";
import type { RunLookup } from "@downbeat/read-model/views";
import type { ColdProgress } from "../port/asked.ts";
import { ColdError } from "../port/cold-error.ts";
import type { RunSource } from "./run-source.ts";

interface Waiting {
  readonly who: string;
  readonly signal: AbortSignal | undefined;
}

interface Lookup {
  readonly controller: AbortController;
  readonly result: Promise<string | undefined>;
  readonly began: number;
  readonly progress: () => ColdProgress | undefined;
  waiting: number;
}

export interface RunLookupsOptions {
  readonly source: RunSource;
  readonly readModel: ReadModel;
  /** How long events are kept after their run's end. */
  readonly hotWindowMs?: number | undefined;
  /** Number of history partitions. */
  readonly partitions: () => number;
  /** Where a run is that ended before the cache begins, as far as that is known. */
  readonly earlierPlaceOf?: (runId: string) => RunPlace | undefined;
}

/** A question that failed is not put again at once: a page asks several times. */
const failureKeptMs = 2_000;

/**
 * Finds the events of runs that the cache does not hold, for who looks at such a run. Those who ask for one run share one lookup, which is cancelled when the
 * last of them has gone. What was found stays with the read model for a while.
 */
export class RunLookups {
  readonly #options: RunLookupsOptions;
  readonly #lookups = new Map<string, Lookup>();

  constructor(options: RunLookupsOptions) {
    this.#options = options;
  }

  get source(): string {
    return this.#options.source.source;
  }

  /** Resolves with `undefined` when the read model has all of the run's events, else with a sentence that says why not. */
  async find(runId: string, waiting: Waiting): Promise<string | undefined> {
    if (this.#placeOf(runId) === undefined) return undefined;
    const lookup = this.#lookups.get(runId) ?? this.#begin(runId, waiting.who);
    lookup.waiting++;
    const leave = (): void => {
      lookup.waiting--;
      if (lookup.waiting === 0) lookup.controller.abort();
    };
    if (waiting.signal?.aborted === true) leave();
    else waiting.signal?.addEventListener("abort", leave, { once: true });
    try {
      return await lookup.result;
    } finally {
      waiting.signal?.removeEventListener("abort", leave);
    }
  }

  /** How the lookup of a run goes on; `undefined` when there is none. */
  progress(runId: string): RunLookup | undefined {
    const lookup = this.#lookups.get(runId);
    if (lookup === undefined) return undefined;
    const { state = "planning", percent, rows = 0 } = lookup.progress() ?? {};
    return {
      source: this.source,
      state,
      rows,
      elapsedMs: Math.round(performance.now() - lookup.began),
      ...(percent !== undefined && { percent }),
    };
  }

  close(): void {
    for (const { controller } of this.#lookups.values()) controller.abort();
  }

  #begin(runId: string, who: string): Lookup {
    const controller = new AbortController();
    // The source may say at once how far it is.
    let progress: ColdProgress | undefined;
    const lookup: Lookup = {
      controller,
      began: performance.now(),
      progress: () => progress,
      waiting: 0,
      result: this.#ask(runId, who, controller.signal, (next) => {
        progress = next;
      }),
    };
    this.#lookups.set(runId, lookup);
    const forget = (): void => {
      if (this.#lookups.get(runId) === lookup) this.#lookups.delete(runId);
    };
    controller.signal.addEventListener("abort", forget);
    lookup.result.then((failure) => {
      if (failure === undefined) forget();
      else setTimeout(forget, failureKeptMs).unref();
    }, forget);
    return lookup;
  }

  async #ask(
    runId: string,
    who: string,
    signal: AbortSignal,
    onProgress: (progress: ColdProgress) => void,
  ): Promise<string | undefined> {
    const { source, readModel, partitions } = this.#options;
    const place = this.#placeOf(runId);
    if (place === undefined) return undefined;
    try {
      const log = readModel.knownLog(partitions());
      const { value, tookMs, completeTo, note } = await source.run(
        { place, log },
        { who, signal, onProgress },
      );
      const origin = { source: source.source, tookMs: Math.round(tookMs), completeTo };
      if (!readModel.exists(runId)) {
        if (value.steps.length === 0 && note === undefined) return undefined;
        if (readModel.backfillEarlier(runId, place.partition, value.steps, origin)) return undefined;
      } else if (readModel.backfillRun(runId, value.steps, origin)) return undefined;
      return this.#sentence(runId, note ?? `${source.source} does not hold all of them.`);
    } catch (error) {
      if (!(error instanceof ColdError)) throw error;
      const { message } = error;
      const isNamed = message.startsWith(source.source);
      return this.#sentence(runId, isNamed ? message : `${source.source} does not answer: ${message}`);
    }
  }

  /** Where to look for what the cache lacks; `undefined` when it lacks nothing. */
  #placeOf(runId: string): RunPlace | undefined {
    const { readModel, partitions, earlierPlaceOf } = this.#options;
    if (readModel.exists(runId)) return readModel.missing(runId);
    // It may have ended before the cache begins.
    if (readModel.beginning() === undefined || partitions() === 0) return undefined;
    return earlierPlaceOf?.(runId) ?? { runId, partition: partitionOf(runId, partitions()) };
  }

  #sentence(runId: string, why: string): string {
    const { hotWindowMs, readModel } = this.#options;
    if (!readModel.exists(runId)) return `What was before is looked for elsewhere, and ${why}`;
    const age =
      hotWindowMs === undefined ? "not kept by this server" : `older than ${durationWords(hotWindowMs)}`;
    return `This run's events are ${age}, and ${why}`;
  }
}
