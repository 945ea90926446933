import type { Client } from "@downbeat/sdk/client";
import { bookTrip } from "../../apps/travel/src/book-trip.ts";
import { randomTrip } from "../../apps/travel/src/traffic.ts";
import { approvalLimitCents } from "../../apps/travel/src/trip.ts";
import { sleep } from "./processes.ts";

/** Books trips at a steady rate under ids of its own, and keeps what it was promised. */
export class Traffic {
  readonly #client: Client;
  readonly #everyMs: number;
  readonly #id = `trip-${Date.now().toString(36)}`;
  readonly #underWay = new Set<Promise<void>>();
  #stopped = false;
  /** Sent, perhaps without an answer. */
  sent = 0;
  /** The log gave its receipt, or the engine its answer: these must be in history. */
  readonly promised = new Set<string>();
  readonly refused: string[] = [];

  constructor(client: Client, perSecond: number) {
    this.#client = client;
    this.#everyMs = 1_000 / perSecond;
  }

  /** @param count Stops by itself after so many. */
  async run(count = Number.POSITIVE_INFINITY): Promise<void> {
    const began = performance.now();
    for (let index = 0; index < count && !this.#stopped; index++) {
      const wait = began + index * this.#everyMs - performance.now();
      if (wait > 1) await sleep(wait);
      const booking = this.#book(`${this.#id}-${index}`, index).finally(() => this.#underWay.delete(booking));
      this.#underWay.add(booking);
    }
  }

  stop(): void {
    this.#stopped = true;
  }

  get unanswered(): number {
    return this.#underWay.size;
  }

  async #book(runId: string, index: number): Promise<void> {
    const { request, labels } = randomTrip();
    const trip = {
      ...request,
      tripId: runId,
      documents: "email" as const,
      approvalWithinMs: 8_000,
      holdMs: (index % 4) * 500,
    };
    this.sent += 1;
    try {
      // Every third waits for the engine; every seventh is sent twice, as by a shop that is not sure.
      const wait = index % 3 === 0 ? "accepted" : "sent";
      const run = await this.#client.start(bookTrip, trip, { runId, labels, wait });
      this.promised.add(runId);
      if (index % 7 === 0) await this.#client.start(bookTrip, trip, { runId, labels, wait: "sent" });
      if (trip.amountCents > approvalLimitCents && index % 3 !== 1) {
        await run.signal(
          "approval",
          { approved: index % 5 !== 0, by: "chaos" },
          { signalId: `approval/${runId}` },
        );
      }
    } catch (error) {
      // No answer in time is none: the run may exist, and is checked as any other then.
      this.refused.push(`${runId}: ${(error as Error).message}`);
    }
  }
}
