import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Idempotent } from "./idempotent.ts";
import { Misfortune, type MisfortuneRates, share } from "./misfortune.ts";
import { reference } from "./reference.ts";

export interface HotelService {
  readonly url: string;
  close(): Promise<void>;
}

/** The hotel chain's own service: plain HTTP and JSON. It has never heard of workflows; it knows idempotency keys. */
export async function hotelService(rates: MisfortuneRates, port: number): Promise<HotelService> {
  const desk = new FrontDesk(rates);
  const server = createServer((request, response) => void serve(desk, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${taken}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

class FrontDesk {
  readonly #misfortune: Misfortune;
  readonly #answers = new Idempotent<Answer>();

  constructor(rates: MisfortuneRates) {
    this.#misfortune = new Misfortune(rates);
  }

  async answer(path: string, key: string): Promise<Answer> {
    try {
      await this.#misfortune.strike();
    } catch {
      return failed(503, "ServiceUnavailable", "The front desk is not available.");
    }
    switch (path) {
      case "/bookings":
        return this.#answers.once(key, () => this.#book(key));
      case "/cancellations":
        return this.#answers.once(key, () => ({ status: 200, body: { done: true } }));
      default:
        return failed(404, "NoSuchPage", `There is no ${path} here.`);
    }
  }

  #book(key: string): Answer {
    if (this.#misfortune.refuses(key))
      return failed(409, "HotelFull", "There is no room left for these nights.");
    const room = String(100 + Math.floor(share(`room/${key}`) * 800));
    return { status: 201, body: { hotelBookingId: reference("HTL", key), room } };
  }
}

async function serve(desk: FrontDesk, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { host = "", "idempotency-key": key } = request.headers;
  request.resume();
  // A page of another site, under a name that leads here, is not asked in.
  const isNamed = /^(localhost|127\.0\.0\.1)(:\d+)?$/.test(host);
  const isBooking = isNamed && request.method === "POST" && typeof key === "string";
  const answer = isBooking
    ? await desk.answer(request.url ?? "/", key)
    : failed(400, "BadRequest", "POST to 127.0.0.1 with an Idempotency-Key, please.");
  response.writeHead(answer.status, { "content-type": "application/json" });
  response.end(JSON.stringify(answer.body));
}

function failed(status: number, name: string, message: string): Answer {
  return { status, body: { error: { name, message } } };
}
