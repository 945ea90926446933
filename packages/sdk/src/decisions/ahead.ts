import type { RecordedEvent } from "@downbeat/protocol";
import { isOwnDecision } from "./own-decision.ts";

/**
 * What history holds beyond the event that the code is answering.
 *
 * A1. It is looked at when it is asked about for the first time, and no event twice, however often the code is woken.
 * A2. What there is no more to say of is not held in memory.
 */
export class Ahead {
  #events: readonly RecordedEvent[] = [];
  /** How many of them are there, are fed, and are looked at. */
  #end = 0;
  #fed = 0;
  #looked = 0;
  readonly #passedOver = new Set<string>();
  readonly #versions = new Map<string, number>();
  /** Index of the last event that records what the code itself asked for. */
  #lastOwn = -1;

  /** More may be added to the same events later. */
  feeding(events: readonly RecordedEvent[], from: number, end: number): void {
    if (events !== this.#events) {
      this.forget();
      this.#events = events;
      this.#looked = from;
    }
    this.#end = end;
  }

  /** So many of the events are fed. */
  fed(count: number): void {
    this.#fed = count;
  }

  forget(): void {
    this.#events = [];
    this.#end = 0;
    this.#looked = 0;
    this.#passedOver.clear();
    this.#versions.clear();
    this.#lastOwn = -1;
  }

  /** Whether a signal is passed over. */
  passesOver(signalId: string): boolean {
    this.#look();
    return this.#passedOver.has(signalId);
  }

  versionOf(changeId: string): number | undefined {
    this.#look();
    return this.#versions.get(changeId);
  }

  /** Whether the code asked for something later. */
  get hasOwnDecision(): boolean {
    this.#look();
    return this.#lastOwn >= this.#fed;
  }

  #look(): void {
    for (; this.#looked < this.#end; this.#looked++) {
      const event = this.#events[this.#looked]?.event;
      if (event === undefined) continue;
      if (event.type === "SignalAwaited" && event.signalId !== undefined)
        this.#passedOver.add(event.signalId);
      if (event.type === "VersionRecorded" && !this.#versions.has(event.changeId))
        this.#versions.set(event.changeId, event.version);
      if (isOwnDecision(event)) this.#lastOwn = this.#looked;
    }
  }
}
