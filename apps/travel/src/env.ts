import { z } from "zod";

const rate = z.coerce.number().min(0).max(1);
const duration = z.coerce.number().min(0);

const environment = z.object({
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

/** What this process was given, for another of ours: where the log is, too. */
export function environmentWith(more: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const given = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return { ...Object.fromEntries(given), ...more };
}
