import type { RunState } from "@downbeat/domain";
import type { RecordedEvent } from "@downbeat/protocol";
import { dueIn } from "./driver.ts";
import { iso } from "./shown-history.ts";
import { TestEnvironmentError } from "./test-environment-error.ts";

const act = 'Do what ends it in the test, now or at a time: env.after("1 hour", () => run.signal(…)).';

/** In a few steps nothing goes on and on: what takes long then is the machine, or a handler. */
const fewest = 500;

export interface RealLimit {
  readonly ms: number;
  readonly now: () => number;
}

/**
 * How long a test waits for the end of a run that may never end.
 *
 * P1. What other runs do counts only while nothing is due in this one, and nothing in the test: else time comes to it, however often it stops on the way.
 * P2. It ends by counting, so a test ends in the same way on any machine, unless that takes longer than test runners wait: they would end it without a word of what it waited for.
 *     That limit counts only for a run that goes on and on, and not where the test names a limit of its own.
 */
export class Patience {
  readonly #limit: number;
  #length: number | undefined;
  /** So often the run went on when time was moved, and so often only others did since then. */
  #own = 0;
  #others = 0;
  readonly #real: RealLimit | undefined;
  readonly #beganAt: number;

  constructor(limit: number, real?: RealLimit) {
    this.#limit = limit;
    this.#real = real;
    this.#beganAt = real?.now() ?? 0;
  }

  /** Time was moved. @returns why nobody should wait any longer */
  moved(
    { state, history }: { readonly state: RunState; readonly history: readonly RecordedEvent[] },
    { now, waitsFor, hasActions }: { now: number; waitsFor: readonly string[]; hasActions: boolean },
  ): TestEnvironmentError | undefined {
    if (state.status !== "running") return undefined;
    if (history.length !== this.#length) {
      if (this.#length !== undefined) this.#own++;
      this.#length = history.length;
      this.#others = 0;
    } else if (!hasActions && dueIn(state, now) === undefined) this.#others++;
    const times = `${this.#limit.toLocaleString("en")} times, until ${iso(now)}`;
    const last = waitsFor.length === 0 ? "" : ` It waits for ${waitsFor.join("; and for ")}.`;
    const raise = "Where it only takes longer, give testEnvironment() a larger stepLimit.";
    if (this.#own >= this.#limit)
      return new TestEnvironmentError(
        "neverEnds",
        `Run ${state.runId} went on ${times}, and has not ended: it may never end by itself.${last} ${act} ${raise} To see how it goes on so long, let time pass with env.skip.`,
      );
    if (this.#others >= this.#limit)
      return new TestEnvironmentError(
        "neverEnds",
        `Run ${state.runId} waits for ${waitsFor.join("; and for ")}. Others went on ${times}, and nothing came of it for this one. ${act} ${raise}`,
      );
    const real = this.#real;
    if (
      real === undefined ||
      Math.max(this.#own, this.#others) < fewest ||
      real.now() - this.#beganAt < real.ms
    )
      return undefined;
    const went = `${this.#own.toLocaleString("en")} times in ${real.ms / 1_000} s of real time, until ${iso(now)}`;
    return new TestEnvironmentError(
      "neverEnds",
      `Run ${state.runId} went on ${went}, and has not ended: it may never end by itself.${last} ${act} Where it only takes longer, give testEnvironment() a stepLimit, and the test runner more time.`,
    );
  }
}
