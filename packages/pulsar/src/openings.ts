import { type Clock, LogError } from "@downbeat/message-log";
import { Budget } from "./budget.ts";

export interface Opening {
  /** What is opened and where, such as `producer/…/jobs-pay`. */
  readonly path: string;
  /** In error messages, such as `Producer of jobs-pay`. */
  readonly what: string;
  /** For a producer: what keeps its topic from taking messages, as far as the broker says. */
  readonly whyFull?: () => Promise<string | undefined>;
}

interface Gate {
  failures: number;
  /** No earlier than then, by the clock. */
  until: number;
  error: LogError;
  /** It was not answered; the broker is asked why before it is tried again. */
  hung: boolean;
}

/** A handshake that takes so long is not going well. */
const slowMs = 3_000;
const firstPauseMs = 250;
const longestPauseMs = 10_000;
const firstHungPauseMs = 15_000;
const longestHungPauseMs = 120_000;
const lookAgainMs = 2_000;

/**
 * A broker keeps one of its few HTTP threads for each WebSocket that it has not answered, for a minute and longer, and eight of those stop its admin API
 * for everybody. It leaves the producer of a topic over its backlog quota without an answer. So this process opens only some sessions at a time, tries
 * each place again after growing pauses, and asks the admin API why one hangs instead of trying on.
 */
const handshakes = new Budget(4);

export class Openings {
  readonly #clock: Clock;
  readonly #budget: Budget;
  readonly #gates = new Map<string, Gate>();
  /** One topic was found full: with others it is asked before the first try. */
  #isWary = false;

  constructor(clock: Clock, budget = handshakes) {
    this.#clock = clock;
    this.#budget = budget;
  }

  /** @throws LogError of the last try, at once, while it is too early for another */
  async open<S extends { close(): Promise<void> }>(opening: Opening, connect: () => Promise<S>): Promise<S> {
    const gate = this.#passed(opening);
    if (gate?.hung === true || this.#isWary) {
      const reason = await this.#full(opening);
      if (reason !== undefined) throw this.#close(opening, reason, "full");
    }
    const release = await this.#budget.take();
    try {
      // It may have come down while this waited for its turn.
      this.#passed(opening);
    } catch (error) {
      release();
      throw error;
    }
    const since = this.#clock.now();
    const connecting = connect().finally(release);
    try {
      const session = await this.#orWhySlow(opening, connecting);
      this.#gates.delete(opening.path);
      return session;
    } catch (error) {
      if (!(error instanceof LogError) || !mayPass(error)) throw error;
      const isHung = this.#clock.now() - since >= slowMs;
      throw this.#close(opening, error, this.#isFull(opening) ? "full" : isHung ? "hung" : "answered");
    }
  }

  #passed({ path }: Opening): Gate | undefined {
    const gate = this.#gates.get(path);
    if (gate !== undefined && this.#clock.now() < gate.until) throw gate.error;
    return gate;
  }

  /** Fails early when the broker says what it waits for. */
  async #orWhySlow<S extends { close(): Promise<void> }>(
    opening: Opening,
    connecting: Promise<S>,
  ): Promise<S> {
    let cancel: (() => void) | undefined;
    const slow = new Promise<undefined>((resolve) => {
      cancel = this.#clock.setTimer(() => resolve(undefined), slowMs);
    });
    const first = await Promise.race([connecting, slow]).finally(() => cancel?.());
    if (first !== undefined) return first;
    const reason = await Promise.race([this.#full(opening), connecting.then(() => undefined)]);
    if (reason === undefined) return connecting;
    // Nobody waits for it any more, should it still open.
    connecting.then(
      (session) => session.close(),
      () => {},
    );
    throw this.#close(opening, reason, "full");
  }

  async #full({ what, whyFull }: Opening): Promise<LogError | undefined> {
    const reason = await whyFull?.().catch(() => undefined);
    if (reason === undefined) return undefined;
    this.#isWary = true;
    return new LogError("unavailable", `${what}: ${reason}`);
  }

  #isFull({ path }: Opening): boolean {
    const gate = this.#gates.get(path);
    return gate !== undefined && gate.until > this.#clock.now();
  }

  #close({ path }: Opening, error: LogError, how: "full" | "hung" | "answered"): LogError {
    const failures = (this.#gates.get(path)?.failures ?? 0) + 1;
    const pause = {
      full: lookAgainMs,
      hung: Math.min(longestHungPauseMs, firstHungPauseMs * 2 ** Math.min(failures - 1, 10)),
      // The first failure may be chance.
      answered: failures === 1 ? 0 : Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(failures - 2, 10)),
    }[how];
    this.#gates.set(path, {
      failures,
      until: this.#clock.now() + pause,
      error,
      hung: how !== "answered",
    });
    return error;
  }
}

/** The broker is there, and answers otherwise some time later. */
function mayPass({ code, cause }: LogError): boolean {
  const isNoBroker = cause instanceof Error && "code" in cause && /^E[A-Z]+$/.test(String(cause.code));
  return (code === "unavailable" || code === "missing") && !isNoBroker;
}
