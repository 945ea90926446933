import type { Asked } from "../port/asked.ts";
import type { QueryProgress } from "./execute.ts";

const everyMs = 250;

/** Adds up what the queries of one question read, and passes it on: every change of state, else a few times a second. */
export class ProgressMeter {
  readonly #onProgress: Asked["onProgress"];
  readonly #began = performance.now();
  #rows = 0;
  #bytes = 0;
  #shown: { readonly state: QueryProgress["state"]; readonly at: number } | undefined;
  #isOver = false;

  constructor(onProgress: Asked["onProgress"]) {
    this.#onProgress = onProgress;
  }

  get elapsedMs(): number {
    return Math.round(performance.now() - this.#began);
  }

  /** By queries that are over. */
  get read(): { readonly rows: number; readonly bytes: number } {
    return { rows: this.#rows, bytes: this.#bytes };
  }

  readonly wait = (): void => this.show({ state: "waiting", rows: 0, bytes: 0 });

  readonly show = ({ rows, bytes, ...progress }: QueryProgress): void => {
    if (this.#isOver || this.#onProgress === undefined) return;
    const at = performance.now();
    if (this.#shown?.state === progress.state && at - this.#shown.at < everyMs) return;
    this.#shown = { state: progress.state, at };
    this.#onProgress({
      ...progress,
      rows: this.#rows + rows,
      bytes: this.#bytes + bytes,
      elapsedMs: this.elapsedMs,
    });
  };

  add({ rows, bytes }: { readonly rows: number; readonly bytes: number }): void {
    this.#rows += rows;
    this.#bytes += bytes;
  }

  end(): void {
    this.#isOver = true;
  }
}
