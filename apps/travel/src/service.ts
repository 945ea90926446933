import { type WorkerOptions, worker } from "@downbeat/sdk/worker";
import type { Logger } from "pino";
import { benchWorker } from "./bench-worker.ts";
import { benchBooking, benchEndless } from "./bench-workflow.ts";
import { bookTrip } from "./book-trip.ts";
import type { Env } from "./env.ts";
import { flightJobs } from "./services/flight.ts";
import { hotelJobs } from "./services/hotel.ts";
import { hotelService } from "./services/hotel-service.ts";
import { notificationJobs } from "./services/notification.ts";
import { paymentJobs } from "./services/payment.ts";
import { ratesOf } from "./services/rates.ts";

export const services = [
  "payment",
  "flight",
  "hotel",
  "hotel-service",
  "notification",
  "booking",
  "bench",
  "bench-hosting",
] as const;
export type ServiceName = (typeof services)[number];

export interface RunningService {
  /** Absent where nobody waits for that. */
  readonly ready?: Promise<void>;
  /** Finishes what is at work. */
  stop(): Promise<void>;
}

/** Starts one service of the example in this process. */
export async function startService(name: ServiceName, env: Env, logger: Logger): Promise<RunningService> {
  const rates = ratesOf(env);
  switch (name) {
    case "payment":
      return hostJobs(name, logger, paymentJobs(rates));
    case "flight":
      return hostJobs(name, logger, flightJobs(rates));
    case "notification": {
      const jobs = notificationJobs(rates, (mail) => logger.debug(mail, "mail sent"));
      return hostJobs(name, logger, jobs);
    }
    case "hotel":
      return hostJobs(name, logger, hotelJobs(`http://127.0.0.1:${env.TRAVEL_HOTEL_PORT}`));
    case "hotel-service": {
      const service = await hotelService(rates, env.TRAVEL_HOTEL_PORT);
      logger.info(`${name} answers at ${service.url}`);
      return { stop: () => service.close() };
    }
    case "bench":
      return benchWorker({ onProblem: reporter(logger) });
    case "booking":
      return host(name, logger, { workflows: [bookTrip] });
    case "bench-hosting":
      return benchWorker({ onProblem: reporter(logger) }, [benchBooking, benchEndless]);
  }
}

function hostJobs(name: string, logger: Logger, jobs: WorkerOptions["jobs"]): RunningService {
  return host(name, logger, { jobs });
}

function host(
  name: string,
  logger: Logger,
  options: Pick<WorkerOptions, "jobs" | "workflows">,
): RunningService {
  const hosted = worker({ ...options, name: `${name}-${process.pid}`, onProblem: reporter(logger) });
  hosted.ready.then(
    () =>
      logger.info(options.workflows === undefined ? `${name} takes jobs` : `${name} says what comes next`),
    () => {},
  );
  return hosted;
}

export function reporter(logger: Logger): (problem: string, error?: unknown) => void {
  return (problem, error) => {
    if (error === undefined) logger.warn(problem);
    else logger.warn(`${problem} ${error instanceof Error ? error.message : String(error)}`);
  };
}
