import { parseArgs } from "node:util";
import { type ServiceName, services } from "./service.ts";

export const help = `Usage: node src/main.ts <what> [options]

What:
  payment, flight, hotel, notification   a worker for the jobs of that service
  booking                                hosts the workflow that books trips
  hotel-service                          the hotel chain's HTTP service, which the hotel worker calls
  bench                                  a worker whose jobs do nothing, for benchmarks
  bench-hosting                          the same, and it hosts the workflow that they are jobs of
  traffic                                books trips
  all                                    all of them but bench and bench-hosting, each in a process of its own

Options:
  --rate <number>       traffic: bookings a second (default 1)
  --count <number>      traffic: stop after so many (default: never)
  --approvals <0 to 1>  traffic: part of the expensive trips that somebody approves or denies (default 0.7)
  --no-traffic          all: without the bookings
  --help                this text

Environment:
  DOWNBEAT_LOG_URL      where the log is (default ws://127.0.0.1:8080)
  DOWNBEAT_TENANT, DOWNBEAT_NAMESPACE   (default public, default)
  TRAVEL_FAILURE_RATE   part of the attempts that fail for a technical reason (default 0.08)
  TRAVEL_REJECTION_RATE part of the requests that the business refuses (default 0.04)
  TRAVEL_SLOWNESS_MS    how long a request takes on average (default 300)
  TRAVEL_OUTAGE_RATE    part of the flights whose airline is down, so that the job gets stuck (default 0.01)
  TRAVEL_OUTAGE_MS      how long it stays down; then a retry by a person succeeds (default 20000)
  TRAVEL_HOTEL_PORT     of the hotel chain's HTTP service (default 7310; "all" takes a free one)
  LOG_LEVEL             debug, info, warn, error or silent (default info)
`;

export type Command =
  | { readonly do: "help" }
  | { readonly do: "service"; readonly name: ServiceName }
  | {
      readonly do: "traffic";
      readonly rate: number;
      readonly count: number | undefined;
      readonly approvals: number;
    }
  | { readonly do: "all"; readonly traffic: readonly string[] | undefined };

/** @throws Error with a sentence for who typed it */
export function parseCommand(given: readonly string[]): Command {
  const { values, positionals } = parseArgs({
    args: [...given],
    allowPositionals: true,
    options: {
      rate: { type: "string" },
      count: { type: "string" },
      approvals: { type: "string" },
      "no-traffic": { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) return { do: "help" };
  const [what, ...rest] = positionals;
  if (what === undefined || rest.length > 0)
    throw new Error("Say what to start; --help lists what there is.");
  const rate = number("--rate", values.rate, 1, Number.MIN_VALUE, 100_000);
  const count = number("--count", values.count, undefined, 1, Number.MAX_SAFE_INTEGER);
  const approvals = number("--approvals", values.approvals, 0.7, 0, 1);
  if (what === "traffic") return { do: "traffic", rate, count, approvals };
  if (what === "all") {
    if (values["no-traffic"] === true) return { do: "all", traffic: undefined };
    const passedOn = ["--rate", String(rate), "--approvals", String(approvals)];
    return { do: "all", traffic: count === undefined ? passedOn : [...passedOn, "--count", String(count)] };
  }
  const name = services.find((service) => service === what);
  if (name === undefined) throw new Error(`There is no ${JSON.stringify(what)}; --help lists what there is.`);
  return { do: "service", name };
}

function number<Otherwise>(
  option: string,
  text: string | undefined,
  otherwise: Otherwise,
  least: number,
  most: number,
): number | Otherwise {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (text.trim() !== "" && value >= least && value <= most) return value;
  throw new Error(`${option} can't be ${JSON.stringify(text)}.`);
}
