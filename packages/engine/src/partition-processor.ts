import { mostRecordsInFlight } from "@downbeat/protocol";
import type { Clock } from "./clock.ts";
import { PartitionTime } from "./partition-time.ts";
import { Tenure, type TenureOptions } from "./tenure.ts";

/**
 * Owns one partition of the inbox when it can, and follows its history always. Modes:
 *
 * - *connecting*: opening the reader of history and the inbox session.
 * - *following*: folding what others decide. Left for claiming when history is read to its end **and** a message came on this inbox session.
 * - *claiming*: a claim is appended. Left for owning when this very claim is read back as accepted.
 * - *owning*: deciding.
 * - *dropped*: from any mode, on any anomaly. All sessions are closed and all memory is given up; after a random wait it connects again. There is no
 *   other way of recovery (crash only).
 *
 * What holds it together are rules of docs/architecture.md: nothing is decided but on the fold up to the own claim plus own records (5); effects are
 * published only of records read back as accepted (14); an input is acknowledged only when everything decided up to it is accepted and its effects
 * are published (16); nothing is sent twice under one claim (6).
 */
export class PartitionProcessor {
  readonly #options: TenureOptions;
  readonly #clock: Clock;
  #tenure: Tenure | undefined;
  #stopped = false;
  /** Tenures in a row that could not connect, or that the log refused something soon. */
  #failures = 0;
  #cancelReconnect: (() => void) | undefined;

  constructor(options: Omit<TenureOptions, "time">) {
    const { maxInFlight } = options.tuning;
    if (maxInFlight > mostRecordsInFlight)
      throw new RangeError(`maxInFlight is at most ${mostRecordsInFlight}, not ${maxInFlight}.`);
    const { clock, observer, partition } = options;
    const time = new PartitionTime({
      clock,
      onStray: (what, byMs) => observer.clockStrayed?.(partition, what, byMs),
    });
    this.#options = { ...options, time };
    this.#clock = clock;
  }

  start(): void {
    this.#connect();
  }

  get mode(): "connecting" | "following" | "claiming" | "owning" | "dropped" {
    return this.#tenure?.mode ?? "dropped";
  }

  /** `clock.monotonic()` when something last came from the inbox or from history. */
  get lastTraffic(): number {
    return this.#tenure?.lastTraffic ?? 0;
  }

  get tenure(): Tenure | undefined {
    return this.#tenure;
  }

  /** Leaves the partition: what is decided is brought to its end as far as it goes at once, the rest is redelivered to the next owner. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelReconnect?.();
    const tenure = this.#tenure;
    this.#tenure = undefined;
    await tenure?.close(true);
  }

  #connect(): void {
    if (this.#stopped) return;
    // Rule 8: the one way back from whatever went wrong is a new tenure that knows nothing.
    const begunAt = this.#clock.monotonic();
    const tenure = new Tenure(this.#options, (reason, wasRefused) => {
      if (this.#tenure !== tenure) return;
      this.#options.observer.dropped?.(this.#options.partition, reason);
      this.#tenure = undefined;
      void tenure.close(false);
      const { dropBackOffMs } = this.#options.tuning;
      const isSteady = this.#clock.monotonic() - begunAt >= steadyAfterMs;
      const hasFailed = !tenure.connected || (wasRefused && !isSteady);
      this.#failures = hasFailed ? this.#failures + 1 : 0;
      const most = tenure.connected ? mostBackOffsOfRefused : mostBackOffs;
      const times = Math.min(2 ** Math.max(0, this.#failures - 1), most);
      const wait = dropBackOffMs * times * (0.5 + this.#clock.random() / 2);
      this.#cancelReconnect = this.#clock.setTimer(wait, () => this.#connect());
    });
    this.#tenure = tenure;
    void tenure.open();
  }
}

const mostBackOffs = 5;
/** Of those whom the log refuses: it is there, and full for instance, which lasts. */
const mostBackOffsOfRefused = 20;
const steadyAfterMs = 60_000;
