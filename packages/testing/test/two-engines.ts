import { inProcessDecisions } from "@downbeat/sdk/decisions";
import { allFaults } from "../src/simulation/faults.ts";
import type { ScheduleOptions } from "../src/simulation/schedule.ts";

/** Schedules of two engines that know nobody's code, in all kinds of trouble for half a minute. */
export const twoEngines = {
  faults: allFaults,
  decisions: () => inProcessDecisions([]),
  quiet: false,
  engines: 2,
  partitions: 1,
  troubleMs: 30_000,
  settleMs: 150_000,
} as const satisfies Partial<ScheduleOptions>;
