import { setTimeout as pause } from "node:timers/promises";
import { carryOut, type Services } from "@downbeat/api";
import type { Logger } from "pino";

interface ApprovalWatchOptions {
  readonly services: Services;
  readonly logger: Logger;
  /** How often it looks, ms. */
  readonly everyMs?: number;
}

/** Has done what was approved and isn't yet: the server where somebody approved it ended, or the engine was not there. */
export class ApprovalWatch {
  readonly #o: ApprovalWatchOptions;
  readonly #closing = new AbortController();
  readonly #looking: Promise<void>;

  constructor(options: ApprovalWatchOptions) {
    this.#o = options;
    this.#looking = options.services.approvals.rule === undefined ? Promise.resolve() : this.#look();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#looking;
  }

  async #look(): Promise<void> {
    const { services, logger, everyMs = 5_000 } = this.#o;
    const { signal } = this.#closing;
    let trouble: string | undefined;
    while (!signal.aborted) {
      await pause(everyMs, undefined, { signal, ref: false }).catch(() => {});
      if (signal.aborted) return;
      try {
        for (const { approval } of await services.approvals.all()) {
          if (approval.status === "approved" && !signal.aborted) await carryOut(services, approval.id);
        }
        trouble = undefined;
      } catch (error) {
        const { message } = error as Error;
        if (trouble !== message && !signal.aborted)
          logger.warn({ err: error }, "what was approved can't be looked for");
        trouble = message;
      }
    }
  }
}
