import { setTimeout } from "node:timers/promises";

interface PatientReadingOptions {
  /** Resolves when everything that the log held is folded. */
  readonly read: () => Promise<unknown>;
  /** How long whoever looks waits for it the first time, ms. */
  readonly firstReadMs: number;
  readonly now: () => number;
}

/** A log that did not tell is not asked at once again: whoever looks would wait each time. */
const askedAgainAfterMs = 5_000;

/** Reads a shared topic for those who look at something else beside it, which is shown though the log does not answer. */
export class PatientReading {
  readonly #o: PatientReadingOptions;
  #isDone = false;
  #failedAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;

  constructor(options: PatientReadingOptions) {
    this.#o = options;
  }

  /** Whether all that the topic held when it was asked first is known. */
  get isDone(): boolean {
    return this.#isDone;
  }

  done(): void {
    this.#isDone = true;
  }

  /** Reads, unless it was read, is being read, or has just failed. */
  begin(): void {
    if (!this.#isDone && this.#mayAsk) void this.#read();
  }

  /** Resolves when it is read, or when that takes too long. */
  async forLooking(): Promise<void> {
    if (this.#isDone || !this.#mayAsk) return;
    const late = new AbortController();
    const patience = setTimeout(this.#o.firstReadMs, undefined, { signal: late.signal }).catch(() => {});
    await Promise.race([this.#read(), patience]);
    late.abort();
  }

  get #mayAsk(): boolean {
    return this.#o.now() - this.#failedAt >= askedAgainAfterMs;
  }

  #read(): Promise<void> {
    this.#reading ??= this.#o
      .read()
      .then(() => {
        this.#isDone = true;
      })
      // Asked again by whoever looks next; that the log is away is said elsewhere.
      .catch(() => {
        this.#failedAt = this.#o.now();
      })
      .finally(() => {
        this.#reading = undefined;
      });
    return this.#reading;
  }
}
