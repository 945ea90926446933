import { Engine } from "@downbeat/engine";
import type { DecisionService } from "@downbeat/protocol";
import { inProcessDecisions } from "@downbeat/sdk/decisions";
import type { EngineClass } from "../rules/engine-without.ts";
import { acknowledgedTooEarly } from "./acknowledged-too-early.ts";
import { allFaults, type Faults } from "./faults.ts";
import { violations } from "./invariants.ts";
import { poison, Schedule } from "./schedule.ts";
import { workflows } from "./workflows.ts";

export interface SeedResult {
  readonly violations: readonly string[];
  readonly summary: string;
}

const faultsOfQuiet: Faults = { ...allFaults, timerLost: 0.7, crashEveryMs: 5_000 };
/** A new owner often inherits what was not published, and fails at it again while its own work goes on. */
const faultsOfEffects: Faults = { ...allFaults, effectLost: 0.2 };

function scheduleOf(seed: number, engine: EngineClass, played = workflows): Schedule {
  const quiet = seed % 5 === 0;
  return new Schedule({
    seed,
    faults: quiet ? faultsOfQuiet : seed % 5 === 1 ? faultsOfEffects : allFaults,
    engine,
    decisions: () => decisions(played),
    quiet,
    runs: quiet ? 2 : 5,
    engines: 3,
    partitions: 1,
    troubleMs: 30_000,
    settleMs: 70_000,
  });
}

/** Plays one schedule, for who wants to look at its log. */
export async function playSeed(seed: number, engine: EngineClass = Engine): Promise<Schedule> {
  const schedule = scheduleOf(seed, engine);
  await schedule.play();
  return schedule;
}

/**
 * Plays one schedule: half a minute of trouble, then a minute of peace.
 *
 * @param played other code under the same names
 */
export async function runSeed(
  seed: number,
  engine: EngineClass = Engine,
  played = workflows,
): Promise<SeedResult> {
  const schedule = scheduleOf(seed, engine, played);
  const early: string[] = [];
  schedule.log.onAcknowledged = (topic, index) => {
    const violation = acknowledgedTooEarly(schedule, topic, index);
    if (violation !== undefined) early.push(violation);
  };
  const strays: string[] = [];
  const onStray = (reason: unknown) =>
    void strays.push(`harness: unhandled: ${reason instanceof Error ? reason.stack : String(reason)}`);
  process.on("unhandledRejection", onStray);
  try {
    await schedule.play();
  } finally {
    process.off("unhandledRejection", onStray);
  }
  const found = [...new Set([...early, ...strays, ...violations(schedule)])];
  const counts = `${schedule.sent.length} commands, ${schedule.claims} claims, ${schedule.drops.length} drops`;
  return { violations: found, summary: counts };
}

function decisions(played: typeof workflows): DecisionService {
  const service = inProcessDecisions(played);
  return {
    ...service,
    checkStart(workflow, input) {
      if (input === poison) throw new Error("poison");
      return service.checkStart(workflow, input);
    },
  };
}
