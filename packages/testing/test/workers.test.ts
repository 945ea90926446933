import { Engine } from "@downbeat/engine";
import { inProcessDecisions } from "@downbeat/sdk/decisions";
import { describe, expect, test } from "vitest";
import { type EngineClass, engineWithout } from "../src/rules/engine-without.ts";
import { noFaults } from "../src/simulation/faults.ts";
import { brokenPromises, Haulier, haulage, type Truth } from "../src/simulation/haulage.ts";
import { violations } from "../src/simulation/invariants.ts";
import { Schedule } from "../src/simulation/schedule.ts";

/** Workers with wrong clocks, that die with what they have in hand, are silent, or take too long. */
async function play(seed: number, engine: EngineClass = Engine) {
  const schedule = new Schedule({
    seed,
    faults: noFaults,
    engine,
    decisions: () => inProcessDecisions([haulage]),
    quiet: false,
    runs: 0,
    engines: 1,
    partitions: 1,
    troubleMs: 25_000,
    settleMs: 60_000,
  });
  const { world } = schedule;
  const truth: Truth = { begun: new Map(), said: new Map(), beats: new Map(), diedWith: new Set() };
  // One alone, on a log that forgets what it delivered when its last consumer is gone.
  const forgetful = seed % 3 === 0;
  for (let number = 0; number < (forgetful ? 1 : 3); number++)
    new Haulier(schedule, truth, `haulier-${number}`, forgetful);
  for (let number = 0; number < 4; number++) {
    world.schedule(world.random.between(0, 15_000), () =>
      schedule.send({
        type: "StartRun",
        commandId: schedule.commandId(),
        runId: `haulage-${number}`,
        workflow: "haulage",
        input: String(world.random.integer(1, 4)),
      }),
    );
  }
  await schedule.play();
  return { found: [...violations(schedule), ...brokenPromises(schedule, truth)], truth };
}

describe("whatever workers' clocks say, and whenever they die, limits are kept and deaths are counted", () => {
  for (let first = 1; first <= 1_000; first += 100) {
    test(`in schedules ${first} to ${first + 99}`, { timeout: 120_000 }, async () => {
      for (let seed = first; seed < first + 100; seed++)
        expect((await play(seed)).found, `seed ${seed}`).toEqual([]);
    });
  }

  test("which holds workers that die, time-outs and silence", async () => {
    let died = 0;
    for (let seed = 1; seed <= 10; seed++) died += (await play(seed)).truth.diedWith.size;
    expect(died).toBeGreaterThan(10);
  });
});

describe("with one rule off, the harness goes red:", () => {
  test.each(["startsByLogTime", "endedWorkersCounted", "everyBeatCounts"] as const)(
    "%s",
    { timeout: 120_000 },
    async (rule) => {
      const engine = await engineWithout(rule);
      let red = 0;
      for (let seed = 1; seed <= 20 && red === 0; seed++)
        if ((await play(seed, engine)).found.length > 0) red++;
      expect(red).toBeGreaterThan(0);
    },
  );
});
