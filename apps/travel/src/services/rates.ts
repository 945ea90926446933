import type { Env } from "../env.ts";
import type { MisfortuneRates } from "./misfortune.ts";

export function ratesOf(env: Env): MisfortuneRates {
  return {
    failureRate: env.TRAVEL_FAILURE_RATE,
    rejectionRate: env.TRAVEL_REJECTION_RATE,
    slownessMs: env.TRAVEL_SLOWNESS_MS,
    outageRate: env.TRAVEL_OUTAGE_RATE,
    outageMs: env.TRAVEL_OUTAGE_MS,
  };
}
