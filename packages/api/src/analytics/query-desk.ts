import type { Analytics, AnalyticsId } from "@downbeat/analytics";
import { type AdHocQuery, ColdError, type ColdProgress } from "@downbeat/cold-history";
import { ApiError } from "../api-error.ts";
import { WakeUp } from "../live/wake-up.ts";
import type { QueryUpdate } from "../views.ts";

interface Running {
  readonly since: number;
  readonly abort: AbortController;
  /** Resolves when its place is free. */
  readonly ended: Promise<void>;
}

const mostSilentMs = 2_000;

/** Where people's own queries are handed in: to the source they choose, one at a time for each person. */
export class QueryDesk {
  /** The first is the default. */
  readonly sources: readonly Analytics[];
  readonly #now: () => number;
  readonly #running = new Map<string, Running>();

  constructor(sources: readonly Analytics[], now: () => number) {
    this.sources = sources;
    this.#now = now;
  }

  source(id: AnalyticsId): Analytics {
    const source = this.sources.find(({ about }) => about.id === id);
    if (source !== undefined) return source;
    const names = this.sources.map(({ about }) => about.id).join(", ");
    throw new ApiError("badInput", `This server has no source ${id} for queries; it has ${names}.`);
  }

  /** Ends the query that the person has running; another one can be run then. Says whether there was one. */
  async cancel(who: string): Promise<boolean> {
    const running = this.#running.get(who);
    if (running === undefined) return false;
    running.abort.abort();
    await running.ended;
    return true;
  }

  /** How it goes on, and at the end the answer or why there is none. Whoever stops listening has it cancelled. */
  async *run(
    source: Analytics,
    query: AdHocQuery,
    who: string,
    gone: AbortSignal | undefined,
  ): AsyncGenerator<QueryUpdate, void, void> {
    const other = this.#running.get(who);
    if (other !== undefined) {
      yield {
        type: "refused",
        code: "running",
        message: "Another query of yours is running: wait for it, or cancel it.",
        since: other.since,
      };
      return;
    }
    const abort = new AbortController();
    const signal = gone === undefined ? abort.signal : AbortSignal.any([abort.signal, gone]);
    const wakeUp = new WakeUp();
    let progress: ColdProgress | undefined;
    let answer: QueryUpdate | undefined;
    let failure: unknown;
    const onProgress = (latest: ColdProgress): void => {
      progress = latest;
      wakeUp.signal();
    };
    const asked = source.query(query, { who, signal, onProgress }).then(
      ({ value, ...about }) => {
        answer = { type: "answer", answer: { ...value, ...about, dialect: source.about.dialect } };
      },
      (error: unknown) => {
        if (error instanceof ColdError) answer = refusal(error);
        else failure = error;
      },
    );
    // Not when the last update is fetched: whoever asked may be slow to do so, or never do it.
    const ended = asked.then(() => {
      this.#running.delete(who);
      wakeUp.signal();
    });
    this.#running.set(who, { since: this.#now(), abort, ended });
    try {
      while (answer === undefined && failure === undefined) {
        if (progress !== undefined) yield { type: "progress", progress };
        progress = undefined;
        await wakeUp.wait(mostSilentMs, undefined);
      }
      if (failure !== undefined) throw failure;
      if (answer !== undefined) yield answer;
    } finally {
      abort.abort();
      await ended;
    }
  }
}

function refusal({ code, message, line, column }: ColdError): QueryUpdate {
  return {
    type: "refused",
    code,
    message,
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
  };
}
