import { type Clock, LogError } from "@downbeat/message-log";
import type { NativeSession } from "./module.ts";

const lookEveryMs = 1_000;

/**
 * The life of one session. The native client connects again by itself, and says to nobody that it had to; who relies on sessions that end with their
 * connection (the partition processor does) would go on as if nothing had been. So the connection is looked at every second, and the session ended when it is
 * gone. A shorter interruption stays unseen; what is delivered twice then is recognised as any other duplicate.
 */
export class NativeLife {
  readonly what: string;
  readonly #session: NativeSession;
  readonly #clock: Clock;
  readonly #onEnd: (reason?: LogError) => void;
  #cancel: () => void = () => {};
  #ended = false;

  constructor(what: string, session: NativeSession, clock: Clock, onEnd: (reason?: LogError) => void) {
    this.what = what;
    this.#session = session;
    this.#clock = clock;
    this.#onEnd = onEnd;
    this.#look();
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** @returns false when it had ended before */
  end(reason?: LogError): boolean {
    if (this.#ended) return false;
    this.#ended = true;
    this.#cancel();
    this.#onEnd(reason);
    return true;
  }

  async closeSession(): Promise<void> {
    // Closed twice or without a connection it rejects: it is as closed as it gets.
    await this.#session.close().catch(() => {});
  }

  #look(): void {
    this.#cancel = this.#clock.setTimer(() => {
      if (this.#ended) return;
      if (this.#session.isConnected()) return this.#look();
      this.end(new LogError("unavailable", `${this.what}: the connection to the log was lost.`));
      void this.closeSession();
    }, lookEveryMs);
  }
}
