import type { Clock } from "@downbeat/message-log";
import type { OnProblem } from "../problem-listener.ts";
import { asError } from "../thrown/as-error.ts";
import { within } from "../within.ts";
import { NoAnswerError, NoSuchRunError } from "./errors.ts";
import type { Outcomes, RunEnd } from "./outcomes.ts";
import type { Past } from "./past-ends.ts";

interface Given {
  readonly outcomes: Outcomes;
  readonly clock: Clock;
  readonly lookup: ((runId: string) => Promise<RunEnd | undefined>) | undefined;
  /** From history. Rejects when the client is closed. */
  readonly past: (runId: string) => Promise<Past>;
  /** Whether all that was in the engine's inbox by now has been decided and heard of; `false` where what is awaited came before. */
  readonly isAllHeard: (runId: string, awaited: Promise<unknown>) => Promise<boolean>;
  /** How long a run that nobody has heard of may still be started. */
  readonly answerWithinMs: number;
  readonly onProblem: OnProblem;
}

/** Some five minutes. */
const lookupTurns = 10;
const heardOfWithinMs = 1_000;
const startedWithinMs = 15_000;
/** What was heard last of a history that is followed from its midst is believed after a silence. */
const settledMs = 5_000;

/** Looks for how runs ended that may have ended before this client looked: once for each run, whoever waits for it. */
export class RunEnds {
  readonly #given: Given;
  readonly #sought = new Set<string>();
  /** Nothing was ever heard of them, as far as history was read for them. */
  readonly #missing = new Set<string>();

  constructor(given: Given) {
    this.#given = given;
  }

  /**
   * The end, wherever it is found. History is followed from before this call.
   *
   * @param refusal the engine's sentence, where it has said that there is such a run and that it is over
   */
  find(runId: string, refusal?: string): Promise<RunEnd> {
    const end = this.#given.outcomes.end(runId);
    void this.#seek(runId, end, refusal);
    return end;
  }

  isMissing(runId: string): boolean {
    return this.#missing.has(runId) && this.#given.outcomes.mayHaveEnded(runId);
  }

  async #seek(runId: string, end: Promise<RunEnd>, refusal: string | undefined): Promise<void> {
    const { outcomes, clock } = this.#given;
    if (this.#sought.has(runId) || !outcomes.mayHaveEnded(runId)) return;
    this.#sought.add(runId);
    try {
      await this.#lookUp(runId, end);
      // Mostly it has just been started, and is heard of at once.
      if (refusal === undefined) await within(clock, heardOfWithinMs, end);
      if (refusal === undefined && outcomes.mayHaveEnded(runId) && outcomes.isStartedHere(runId))
        await within(clock, startedWithinMs, end);
      if (outcomes.mayHaveEnded(runId)) await this.#lookBack(runId, end, refusal);
    } catch {
      // The client is closed: whoever waits was told so.
    } finally {
      this.#sought.delete(runId);
      this.#missing.delete(runId);
    }
  }

  async #lookUp(runId: string, end: Promise<RunEnd>): Promise<void> {
    const { outcomes, clock, lookup, onProblem } = this.#given;
    if (lookup === undefined) return;
    let isTold = false;
    for (let turn = 0; turn < lookupTurns && outcomes.mayHaveEnded(runId); turn++) {
      try {
        const known = await lookup(runId);
        if (known !== undefined) return outcomes.take(runId, known);
      } catch (error) {
        if (!isTold) onProblem(`The end of run ${runId} could not be looked up.`, asError(error));
        isTold = true;
      }
      await within(clock, Math.min(1_000 * 2 ** turn, 60_000), end);
    }
  }

  async #lookBack(runId: string, end: Promise<RunEnd>, refusal: string | undefined): Promise<void> {
    const { outcomes } = this.#given;
    const past = await this.#given.past(runId);
    if (past.is === "over") outcomes.take(runId, past.end);
    else if (past.is === "removed") outcomes.fail(runId, gone(`Run ${runId} is over: it is ${past.status}.`));
    else if (past.is === "unknown" && refusal !== undefined) outcomes.fail(runId, gone(refusal));
    // What this client has sent is in the inbox, however long it takes.
    else if (past.is === "unknown" && !outcomes.isStartedHere(runId)) await this.#miss(runId, end);
  }

  async #miss(runId: string, end: Promise<RunEnd>): Promise<void> {
    const { outcomes, clock, answerWithinMs, isAllHeard } = this.#given;
    this.#missing.add(runId);
    const late = within(clock, answerWithinMs, end);
    const isSure = await Promise.race([late.then(() => false), isAllHeard(runId, late)]);
    if (isSure) await within(clock, settledMs, end);
    if (this.isMissing(runId))
      outcomes.fail(runId, new NoSuchRunError(runId, isSure ? undefined : answerWithinMs));
  }
}

function gone(sentence: string): NoAnswerError {
  return new NoAnswerError(
    `${sentence} What it came to is not in the log any more: its history was removed there.`,
  );
}
