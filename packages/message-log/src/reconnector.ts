import { type Clock, systemClock } from "./clock.ts";
import { LogError } from "./log-error.ts";
import type { SessionOptions } from "./message-log.ts";

export type ConnectionState = "connecting" | "connected";

export interface ReconnectOptions {
  /**
   * Called at each change, with the reason when a connection was lost or could not be opened; once more with each other reason for which it can't be opened
   * again.
   */
  readonly onStateChange?: (state: ConnectionState, reason?: Error) => void;
  /** Wait before the first new attempt, ms; it doubles with each further one. Default 100. */
  readonly minDelayMs?: number;
  /** Default 10,000. */
  readonly maxDelayMs?: number;
  readonly clock?: Clock;
  /** From 0 to 1, spreads the attempts of many processes. Default `Math.random`. */
  readonly random?: () => number;
}

interface Session {
  close(): Promise<void>;
}

/**
 * Keeps one session of a log open: opens it again whenever it ends, with growing pauses. Gives up only when the log says
 * that trying again cannot help: the request is invalid, or the log's handle was closed.
 */
export class Reconnector<S extends Session> {
  readonly #open: (options: Required<SessionOptions>) => Promise<S>;
  readonly #hooks: {
    readonly onSession: (session: S) => void;
    /** The session is gone. A promise holds the next attempt back until it resolves. */
    readonly onLost: (reason?: Error) => void | Promise<void>;
    /** Called once, at the end of everything. */
    readonly onClose: (reason?: Error) => void;
  };
  readonly #options: ReconnectOptions;
  readonly #clock: Clock;
  #session: S | undefined;
  #state: ConnectionState | undefined;
  /** The last that was told since it was connected. */
  #reason: string | undefined;
  #attempt = 0;
  #openedAt = 0;
  #cancelTimer: (() => void) | undefined;
  #closed = false;

  constructor(
    open: (options: Required<SessionOptions>) => Promise<S>,
    hooks: {
      readonly onSession: (session: S) => void;
      readonly onLost: (reason?: Error) => void | Promise<void>;
      readonly onClose: (reason?: Error) => void;
    },
    options: ReconnectOptions,
  ) {
    this.#open = open;
    this.#hooks = hooks;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  start(): void {
    void this.#connect();
  }

  /** Undefined while there is no connection. */
  get session(): S | undefined {
    return this.#session;
  }

  /** Opens another session instead of the present one. */
  async renew(reason: Error): Promise<void> {
    const session = this.#session;
    if (session === undefined) return;
    this.#session = undefined;
    await session.close();
    await this.#lost(reason);
  }

  async close(reason?: Error): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancelTimer?.();
    const session = this.#session;
    this.#session = undefined;
    this.#hooks.onClose(reason);
    await session?.close();
  }

  async #connect(reason?: Error): Promise<void> {
    if (this.#closed) return;
    this.#enter("connecting", reason);
    let ended: { readonly reason: Error | undefined } | undefined;
    let session: S | undefined;
    try {
      session = await this.#open({
        onClose: (why) => {
          ended = { reason: why };
          if (session !== undefined && session === this.#session) {
            this.#session = undefined;
            void this.#lost(why);
          }
        },
      });
    } catch (error) {
      return this.#failed(error instanceof Error ? error : new Error(String(error)));
    }
    if (this.#closed) return session.close();
    if (ended !== undefined) return this.#lost(ended.reason);
    this.#session = session;
    this.#openedAt = this.#clock.now();
    this.#enter("connected");
    this.#hooks.onSession(session);
  }

  async #lost(reason: Error | undefined): Promise<void> {
    await this.#hooks.onLost(reason);
    // A connection that does not last is no reason to try faster.
    if (this.#clock.now() - this.#openedAt > this.#maxDelayMs) this.#attempt = 0;
    this.#later(reason);
  }

  async #failed(error: Error): Promise<void> {
    const final = error instanceof LogError && (error.code === "invalid" || error.code === "closed");
    if (final) return this.close(error);
    this.#later(error);
  }

  #later(reason: Error | undefined): void {
    if (this.#closed) return;
    this.#enter("connecting", reason);
    const { minDelayMs = 100, random = Math.random } = this.#options;
    const longest = Math.min(this.#maxDelayMs, minDelayMs * 2 ** this.#attempt);
    this.#attempt = Math.min(this.#attempt + 1, 30);
    this.#cancelTimer = this.#clock.setTimer(
      () => void this.#connect(reason),
      longest * (0.5 + random() / 2),
    );
  }

  get #maxDelayMs(): number {
    return this.#options.maxDelayMs ?? 10_000;
  }

  #enter(state: ConnectionState, reason?: Error): void {
    const isOther = reason !== undefined && reason.message !== this.#reason;
    if (this.#state === state && !isOther) return;
    this.#state = state;
    this.#reason = state === "connected" ? undefined : (reason?.message ?? this.#reason);
    this.#options.onStateChange?.(state, reason);
  }
}
