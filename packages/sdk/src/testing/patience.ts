import type { RunState } from "@downbeat/domain";
import type { RecordedEvent } from "@downbeat/protocol";
import { dueIn } from "./driver.ts";
import { iso } from "./shown-history.ts";
import { TestEnvironmentError } from "./test-environment-error.ts";

const act = 'Do what ends it in the test, now or at a time: env.after("1 hour", () => run.signal(…)).';

/** In a few steps nothing goes on and on: what takes long then is the machine, or a handler. */
const fewest = 500;

/** What is said when it takes longer, in real time, than test runners wait for a test: they end it without a word of what it waited for. */
export interface LateWord {
  readonly afterMs: number;
  readonly now: () => number;
  readonly say: (message: string) => void;
}

/**
 * How long a test waits for the end of a run that may never end.
 *
 * P1. What other runs do counts only while nothing is due in this one, and nothing in the test: else time comes to it, however often it stops on the way.
 * P2. It ends by counting, so a test ends in the same way on any machine. What takes longer than test runners wait is said, once, and goes on.
 */
export class Patience {
  readonly #limit: number;
  #length: number | undefined;
  /** So often the run went on when time was moved, and so often only others did since then. */
  #own = 0;
  #others = 0;
  readonly #late: LateWord;
  readonly #beganAt: number;
  #isSaid = false;

  constructor(limit: number, late: LateWord) {
    this.#limit = limit;
    this.#late = late;
    this.#beganAt = late.now();
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
    this.#sayIfLate(state.runId, last, iso(now));
    return undefined;
  }

  #sayIfLate(runId: string, last: string, until: string): void {
    const { afterMs, now, say } = this.#late;
    const times = Math.max(this.#own, this.#others);
    if (this.#isSaid || times < fewest || now() - this.#beganAt < afterMs) return;
    this.#isSaid = true;
    say(
      `Run ${runId} went on ${times.toLocaleString("en")} times in ${afterMs / 1_000} s of real time, until ${until}, and has not ended: it may never end by itself.${last} ${act}`,
    );
  }
}
