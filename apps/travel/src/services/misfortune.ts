import { createHash } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";

export interface MisfortuneRates {
  /** Part of the attempts that fail for a technical reason. */
  readonly failureRate: number;
  /** Part of the requests that are refused for a reason of the business. */
  readonly rejectionRate: number;
  /** How long a request takes, on average; a few take far longer. */
  readonly slownessMs: number;
  /** Part of the flights whose airline is down when they are booked. */
  readonly outageRate: number;
  /** How long such an airline stays down. */
  readonly outageMs: number;
}

const causes = [
  ["ConnectionReset", "The connection to the provider was reset."],
  ["ServiceUnavailable", "The provider answered 503 Service Unavailable."],
  ["GatewayTimeout", "The provider did not answer in time."],
] as const;

/** The bad luck of a service, as its rates say. What is refused stays refused: that goes by the request, not by chance. */
export class Misfortune {
  readonly #rates: MisfortuneRates;
  readonly #outagesUntil = new Map<string, number>();

  constructor(rates: MisfortuneRates) {
    this.#rates = rates;
  }

  /** Takes its time, and fails now and then. */
  async strike(signal?: AbortSignal): Promise<void> {
    const { slownessMs, failureRate } = this.#rates;
    if (slownessMs > 0) {
      const slow = Math.random() < 0.01 ? 10 : 1;
      await wait(-Math.log(1 - Math.random()) * slownessMs * slow, undefined, signal && { signal });
    }
    if (Math.random() >= failureRate) return;
    const [name, message] = causes[Math.floor(Math.random() * causes.length)] ?? causes[0];
    throw named(name, message);
  }

  /** Whether the business says no to the request. */
  refuses(request: string): boolean {
    return share(`refuse/${request}`) < this.#rates.rejectionRate;
  }

  /** Fails while the airline that the request goes to is down. */
  checkOutage(request: string): void {
    if (share(`outage/${request}`) >= this.#rates.outageRate) return;
    const until = this.#outagesUntil.get(request) ?? Date.now() + this.#rates.outageMs;
    this.#outagesUntil.set(request, until);
    if (Date.now() < until) throw named("AirlineDown", "The airline's reservation system is down.");
  }
}

/** From 0 to 1, always the same for the same text. */
export function share(text: string): number {
  return createHash("sha1").update(text).digest().readUInt32BE(0) / 2 ** 32;
}

function named(name: string, message: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}
