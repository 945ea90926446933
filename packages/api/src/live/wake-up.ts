/** Resolves at the next signal, after `ms`, or when aborted, whichever is first. A signal that came before the wait counts. */
export class WakeUp {
  #signalled = false;
  #wake: (() => void) | undefined;

  signal(): void {
    this.#signalled = true;
    this.#wake?.();
  }

  async wait(ms: number, abort: AbortSignal | undefined): Promise<void> {
    if (!this.#signalled && abort?.aborted !== true) await this.#sleep(ms, abort);
    this.#signalled = false;
  }

  #sleep(ms: number, abort: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        abort?.removeEventListener("abort", wake);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(wake, ms);
      abort?.addEventListener("abort", wake);
      this.#wake = wake;
    });
  }
}

export function sleep(ms: number, abort: AbortSignal | undefined): Promise<void> {
  return new WakeUp().wait(ms, abort);
}
