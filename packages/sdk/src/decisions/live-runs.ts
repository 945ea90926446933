import type { RecordedEvent } from "@downbeat/protocol";
import type { CodeLine } from "../logging/code-log.ts";
import { type OnStray, runningCode } from "../running-code.ts";
import { asError } from "../thrown/as-error.ts";
import type { AnyWorkflow } from "../workflow.ts";
import { Coroutine } from "./coroutine.ts";
import { Drain } from "./drain.ts";

export interface LiveRunsOptions {
  /** How many coroutines are kept at most. */
  readonly maxCached: number;
  /** Hears of a rejected promise that the code of a run left behind. */
  readonly onStray: (key: string, reason: Error) => void;
  /** Told of each line that the code of a run writes, while that code runs. */
  readonly onLine: (line: CodeLine) => void;
  /** The code of a run may be run next. */
  readonly onStep?: (key: string) => void;
}

/** Where the coroutine of a run is to be brought. */
export interface Place {
  /** Names the coroutine. */
  readonly key: string;
  readonly runId: string;
  readonly workflow: AnyWorkflow;
  /** The array may grow meanwhile; only what is there at the call counts. */
  readonly events: readonly RecordedEvent[];
  /** So many events of the run come before these; its coroutine has been fed them. 0: they are the whole history. */
  readonly before: number;
}

const keys = new WeakMap<OnStray, string>();

/** The run whose code runs now, by what follows it through all that it awaits. */
export function keyAtWork(): string | undefined {
  const code = runningCode.getStore();
  return code === undefined ? undefined : keys.get(code.onStray);
}

/** The coroutines of runs that were asked about, as long as there is room. */
export class LiveRuns {
  readonly #o: LiveRunsOptions;
  readonly #drain = new Drain();
  /** Least recently asked first. */
  readonly #cached = new Map<string, Coroutine>();

  constructor(options: LiveRunsOptions) {
    this.#o = options;
  }

  get size(): number {
    return this.#cached.size;
  }

  /** How many events the run's coroutine has been fed; `undefined` where there is none. */
  fed(key: string): number | undefined {
    return this.#cached.get(key)?.fed;
  }

  /** Brings the run's coroutine to the end of the events, and answers from there. */
  atEnd<T>(
    { key, runId, workflow, events, before }: Place,
    answer: (coroutine: Coroutine) => T,
    instead: (error: unknown) => T,
  ): Promise<T> {
    const end = before + events.length;
    const coroutine = this.#coroutine(key, runId, workflow, events, before);
    return new Promise((resolve) => {
      const next = (): void => {
        try {
          this.#o.onStep?.(key);
          if (coroutine.feed(events, end, before)) this.#drain.whenDrained(settle);
          else resolve(answer(coroutine));
        } catch (error) {
          // History that can't be read, or a bug of ours: either way this run's trouble and nobody else's.
          this.forget(key);
          resolve(instead(error));
        }
      };
      const settle = (): void => {
        coroutine.settle();
        next();
      };
      next();
    });
  }

  forget(key: string): void {
    this.#cached.delete(key);
  }

  /** Forgets those that were not asked about for the longest time. */
  keepAtMost(count: number): void {
    for (const oldest of this.#cached.keys()) {
      if (this.#cached.size <= count) return;
      this.#cached.delete(oldest);
    }
  }

  clear(): void {
    this.#cached.clear();
  }

  #coroutine(
    key: string,
    runId: string,
    workflow: AnyWorkflow,
    events: readonly RecordedEvent[],
    before: number,
  ): Coroutine {
    const cached = this.#cached.get(key);
    const usable =
      cached !== undefined &&
      cached.fed >= before &&
      cached.fed <= before + events.length &&
      !isResumedIn(events, cached.fed - before);
    const coroutine = usable ? cached : this.#fresh(key, runId, workflow);
    this.#cached.delete(key);
    this.#cached.set(key, coroutine);
    this.keepAtMost(this.#o.maxCached);
    return coroutine;
  }

  #fresh(key: string, runId: string, workflow: AnyWorkflow): Coroutine {
    const { onStray, onLine } = this.#o;
    const listener: OnStray = (reason) => onStray(key, asError(reason));
    keys.set(listener, key);
    return new Coroutine(runId, workflow, { onStray: listener, onLine });
  }
}

/** A resumed run is asked from the start: its code was changed, or the trouble is hoped to have passed. */
export function isResumedIn(events: readonly RecordedEvent[], from: number): boolean {
  for (let i = from; i < events.length; i++) {
    if (events[i]?.event.type === "RunResumed") return true;
  }
  return false;
}
