import type { CodeOfRun } from "../../running-code.ts";
import { namedUuid, randomNumber } from "../reproducible.ts";
import type { Situation } from "../situation.ts";
import { NotReproducibleError } from "./not-reproducible.ts";

/** Code that asks so often what time it is, while it is at work, waits for time to pass. */
const mostLooks = 1_000_000;

/** Numbers and ids are counted apart from those of `run.random` and `run.uuid`: a library that draws one doesn't shift the author's. */
export class Surroundings implements CodeOfRun {
  readonly startedAt: number;
  readonly #runId: string;
  readonly #situation: Situation;
  #numbers = 0;
  #uuids = 0;
  #looks = 0;
  #lookedIn = 0;

  constructor(runId: string, situation: Situation, startedAt: number) {
    this.#runId = runId;
    this.#situation = situation;
    this.startedAt = startedAt;
  }

  get isKeptApart(): boolean {
    return this.#situation.isKeptApart;
  }

  /** A loop of an older run that waits for time to pass came to its end once, by the machine's clock. */
  get isAtWork(): boolean {
    return this.#situation.awake && (this.isKeptApart || !this.#looksTooOften);
  }

  now(): number {
    const { now, steps } = this.#situation;
    if (this.#lookedIn !== steps) this.#looks = 0;
    this.#lookedIn = steps;
    this.#looks++;
    if (this.#looksTooOften && this.isKeptApart) throw new NotReproducibleError(timeStandsStill);
    return now;
  }

  random(): number {
    return randomNumber(`${this.#runId}/Math.random/${++this.#numbers}`);
  }

  uuid(): string {
    return namedUuid(`${this.#runId}/randomUUID/${++this.#uuids}`);
  }

  get #looksTooOften(): boolean {
    return this.#looks > mostLooks && this.#lookedIn === this.#situation.steps;
  }
}

const timeStandsStill = `The code asked more than ${mostLooks.toLocaleString("en")} times in one step what time it is. A run's time stands still until its next event: wait with run.sleep.`;
