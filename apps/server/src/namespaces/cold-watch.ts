const everyMs = 30_000;
/** Until somebody has started it. */
const againMs = 5_000;

export interface ColdWatchOptions {
  /** @throws Error with a sentence when it isn't there */
  readonly check: (signal: AbortSignal) => Promise<void>;
  /** Told when it is found to be away, with why, or to be there again. */
  readonly onChange: (trouble: string | undefined) => void;
}

/** Whether the source of what has left the read model is there, looked at now and then: nobody should learn it only from a page that stays empty. */
export class ColdWatch {
  readonly #options: ColdWatchOptions;
  readonly #closing = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #trouble: string | undefined;
  #isKnown = false;

  constructor(options: ColdWatchOptions) {
    this.#options = options;
    void this.#look();
  }

  /** False until it was asked for the first time. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  /** Why it is not there, in sentences; `undefined` when it is. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  close(): void {
    this.#closing.abort();
    clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    const { check, onChange } = this.#options;
    const { signal } = this.#closing;
    const trouble = await check(signal).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    if (signal.aborted) return;
    const isNews = this.#isKnown ? trouble !== this.#trouble : trouble !== undefined;
    this.#isKnown = true;
    this.#trouble = trouble;
    if (isNews) onChange(trouble);
    this.#timer = setTimeout(() => void this.#look(), trouble === undefined ? everyMs : againMs);
    this.#timer.unref();
  }
}
