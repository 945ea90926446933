import { logAddressVariables } from "@downbeat/protocol";
import { z } from "zod";

const rate = z.coerce.number().min(0).max(1);
const duration = z.coerce.number().min(0);

const environment = z.object({
  ...logAddressVariables,
  DOWNBEAT_LOG_URL: logAddressVariables.DOWNBEAT_LOG_URL.default("ws://127.0.0.1:8080"),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
  TRAVEL_FAILURE_RATE: rate.default(0.08),
  TRAVEL_REJECTION_RATE: rate.default(0.04),
  TRAVEL_SLOWNESS_MS: duration.default(300),
  TRAVEL_OUTAGE_RATE: rate.default(0.01),
  TRAVEL_OUTAGE_MS: duration.default(20_000),
  TRAVEL_HOTEL_PORT: z.coerce.number().int().min(0).max(65_535).default(7310),
});

export type Env = z.output<typeof environment>;

/** @throws Error that names each variable that can't be taken, and why */
export function readEnv(variables: NodeJS.ProcessEnv = process.env): Env {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ""));
  const parsed = environment.safeParse(given);
  if (!parsed.success) throw new Error(`The environment can't be taken.\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
