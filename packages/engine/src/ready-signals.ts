import { deliverBuffered, type OpenRun, openWaits, type RunDecision, type RunEvent } from "@downbeat/domain";

/**
 * Signals that lay waiting when the code asked for them, while one input is decided. They are handed over one by one: what the code makes of one may be that
 * it waits for another no more.
 */
export class ReadySignals {
  /** Waits that may get one, the oldest first. Nothing comes meanwhile, so each is looked at once. */
  readonly #waits: string[];
  #next = 0;

  /** @param unfinished the run, where an earlier part of the input may have left waits behind */
  constructor(unfinished: OpenRun | undefined) {
    this.#waits = unfinished === undefined ? [] : openWaits(unfinished).map(({ waitId }) => waitId);
  }

  /** What the code has asked for. */
  awaited(decisions: readonly RunDecision[]): void {
    for (const decision of decisions) if (decision.type === "AwaitSignal") this.#waits.push(decision.waitId);
  }

  /** The events by which the next is handed over; none when there is none, or the code is not to be asked any more. */
  next(run: OpenRun | undefined): readonly RunEvent[] {
    while (run !== undefined && run.stuck === undefined && this.#next < this.#waits.length) {
      const events = deliverBuffered(run, this.#waits[this.#next++] ?? "");
      if (events.length > 0) return events;
    }
    return [];
  }
}
