import { inProcessDecisions } from "@downbeat/sdk/decisions";
import { expect, onTestFinished, test } from "vitest";
import { type EngineClass, engineWithout } from "../src/rules/engine-without.ts";
import { allFaults } from "../src/simulation/faults.ts";
import { violations } from "../src/simulation/invariants.ts";
import { Schedule } from "../src/simulation/schedule.ts";
import { workflows } from "../src/simulation/workflows.ts";

/**
 * Owners drop because their effects are lost, and nothing else gives the log a reason to deliver again what went with their memory: no crash, no move,
 * no renewal of the session. In the general schedules one of these comes along nearly always, and heals it.
 */
const faults = {
  ...allFaults,
  effectLost: 0.1,
  acknowledgementLost: 0,
  redelivered: 0,
  crashEveryMs: 0,
  pauseEveryMs: 0,
  moveEveryMs: 0,
};
const others = ["idleSessionsRenewed", "deadlyInputIsOutcome"] as const;

async function countRed(engine: EngineClass, seeds: number): Promise<number> {
  let red = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const schedule = new Schedule({
      seed,
      faults,
      engine,
      decisions: () => inProcessDecisions(workflows),
      quiet: false,
      runs: 5,
      engines: 3,
      partitions: 1,
      troubleMs: 30_000,
      settleMs: 70_000,
    });
    await schedule.play();
    if (violations(schedule).length > 0) red++;
  }
  return red;
}

test("an owner that drops closes its inbox session, so what it held in memory comes again", {
  timeout: 120_000,
}, async () => {
  expect(await countRed(await engineWithout(...others), 60)).toBe(0);
});

test("with the rule dropClosesInbox off, the harness goes red", { timeout: 120_000 }, async () => {
  // Without the rule a session may fail at something that nobody waits for any more.
  const ignore = () => {};
  process.on("unhandledRejection", ignore);
  onTestFinished(() => void process.off("unhandledRejection", ignore));
  expect(await countRed(await engineWithout(...others, "dropClosesInbox"), 20)).toBeGreaterThan(5);
});
