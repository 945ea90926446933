import { setTimeout as wait } from "node:timers/promises";
import type { Client } from "@downbeat/sdk/client";
import { bookTrip } from "./book-trip.ts";
import { type Destination, destinations, firstNames, lastNames, origins } from "./travellers.ts";
import { approvalLimitCents, type TripRequest } from "./trip.ts";

export interface TrafficOptions {
  readonly client: Client;
  readonly bookingsPerSecond: number;
  /** Stops by itself after so many. */
  readonly count?: number;
  /** Part of the expensive trips that somebody looks at, after a while. */
  readonly approvalRate: number;
  readonly signal: AbortSignal;
  readonly onProblem: (problem: string, error: unknown) => void;
}

/** Books trips at a steady rate until it is stopped. @returns how many */
export async function traffic(options: TrafficOptions): Promise<number> {
  const { bookingsPerSecond, count = Number.POSITIVE_INFINITY, signal } = options;
  const begunAt = performance.now();
  const underWay = new Set<Promise<void>>();
  let booked = 0;
  while (booked < count && !signal.aborted) {
    const due = Math.min(count, 1 + Math.floor(((performance.now() - begunAt) / 1_000) * bookingsPerSecond));
    for (; booked < due; booked++) {
      const booking = book(options).finally(() => underWay.delete(booking));
      underWay.add(booking);
    }
    const nextAt = begunAt + (booked / bookingsPerSecond) * 1_000;
    await wait(Math.max(1, nextAt - performance.now()), undefined, { signal }).catch(() => {});
  }
  await Promise.all(underWay);
  return booked;
}

async function book({ client, approvalRate, signal, onProblem }: TrafficOptions): Promise<void> {
  const { request, labels } = randomTrip();
  try {
    const run = await client.start(bookTrip, request, { runId: request.tripId, labels, wait: "sent" });
    if (request.amountCents <= approvalLimitCents || Math.random() >= approvalRate) return;
    // Signals wait for whoever awaits them, so this one may come before the workflow asks.
    await wait(5_000 + Math.random() * 20_000, undefined, { signal });
    const approved = Math.random() < 0.8;
    await run.signal(
      "approval",
      { approved, by: "Camille Laurent" },
      { signalId: `approval/${request.tripId}` },
    );
  } catch (error) {
    if (!signal.aborted) onProblem(`Booking ${request.tripId} did not go out.`, error);
  }
}

export function randomTrip(random: () => number = Math.random): {
  readonly request: TripRequest;
  readonly labels: Readonly<Record<string, string>>;
} {
  const pick = <T>(list: readonly T[], otherwise: T): T =>
    list[Math.floor(random() * list.length)] ?? otherwise;
  const first = pick(firstNames, "Amina");
  const last = pick(lastNames, "Andersson");
  const to: Destination = pick(destinations, destinations[0] as Destination);
  const orderNumber = `T-${Date.now().toString(36).toUpperCase()}-${Math.floor(random() * 1e8)
    .toString(36)
    .toUpperCase()}`;
  const nights = 2 + Math.floor(random() * 9);
  const departsOn = new Date(Date.now() + (7 + random() * 200) * 86_400_000).toISOString().slice(0, 10);
  const name = `${first} ${last}`;
  return {
    request: {
      tripId: orderNumber,
      customer: { name, email: `${ascii(first)}.${ascii(last)}@example.com` },
      flight: { from: pick(origins, "CDG"), to: to.airport, departsOn },
      hotel: { city: to.city, nights },
      amountCents: nights * to.nightCents + 18_000 + Math.floor(random() * 60_000),
      timeZone: to.timeZone,
      approvalWithinMs: 120_000,
      documents: random() < 0.02 ? "paper" : "email",
    },
    labels: { orderNumber, customer: name, destination: to.city },
  };
}

function ascii(name: string): string {
  return name
    .normalize("NFD")
    .replace(/[^A-Za-z]/g, "")
    .toLowerCase();
}
