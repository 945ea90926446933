import { type Delegation, Engine } from "@downbeat/engine";
import { describe, expect, test } from "vitest";
import { type EngineClass, engineWith } from "../src/rules/engine-without.ts";
import { ofUntaken, rules } from "../src/rules/rules.ts";
import { violations } from "../src/simulation/invariants.ts";
import { Schedule } from "../src/simulation/schedule.ts";
import { type DeciderManners, SimulatedDecider } from "../src/simulation/simulated-decider.ts";
import { takesCents, takesEuros } from "../src/simulation/workflows.ts";
import { buildsThere } from "./builds-there.ts";
import { firstRed } from "./first-red.ts";
import { historiesOf } from "./histories-of.ts";
import { twoEngines } from "./two-engines.ts";

/** Workers of two builds that come and go, of which the older takes less; and one of the newer that is always there. */
async function play(seed: number, engine: EngineClass = Engine, manners: DeciderManners = {}) {
  const deciders: SimulatedDecider[] = [];
  const delegation: Delegation = {
    takes: () => true,
    problemWith: async () => undefined,
    // The door takes what one of them takes; here also what nobody does.
    misfit: async () => undefined,
    buildsOf: () => buildsThere(schedule, deciders),
  };
  const schedule = new Schedule({
    ...twoEngines,
    seed,
    engine,
    delegation,
    orders: true,
    runs: 4,
  });
  const older = { build: "older", workflows: [takesEuros] };
  const newer = { build: "newer", workflows: [takesCents] };
  for (const [number, code] of [older, newer, older].entries())
    deciders.push(
      new SimulatedDecider(schedule, `decider-${number}`, { ...manners, steady: code === newer }, code),
    );
  await schedule.play();
  const histories = historiesOf(schedule);
  return { histories, found: [...violations(schedule), ...untaken(histories)] };
}

/** I17: what a build takes that is there gets no run stuck, and no signal of it is passed over; nor does a signal that none takes get a run stuck. */
function untaken(histories: ReturnType<typeof historiesOf>): string[] {
  const found: string[] = [];
  for (const [runId, history] of histories) {
    const taken = new Set<string>();
    for (const { event } of history) {
      if (event.type === "SignalReceived" && !event.payload.includes("pounds")) taken.add(event.signalId);
      if (event.type === "RunStuck") found.push(`I17: ${runId} is stuck: ${event.failure.message}`);
      if (event.type === "SignalAwaited" && taken.has(event.signalId ?? ""))
        found.push(`I17: ${runId} has passed over ${event.signalId}`);
    }
  }
  return found;
}

describe("what one build does not take goes to the other, and is lost to nobody", () => {
  for (let first = 1; first <= 500; first += 100) {
    test(`in schedules ${first} to ${first + 99}`, { timeout: 180_000 }, async () => {
      for (let seed = first; seed < first + 100; seed++)
        expect((await play(seed)).found, `seed ${seed}`).toEqual([]);
    });
  }

  test("which holds inputs, results and signals that were declined, signals that none took, and runs that ended", async () => {
    const counts = new Map<string, number>();
    const count = (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1);
    for (let seed = 1; seed <= 30; seed++)
      for (const history of (await play(seed)).histories.values())
        for (const { event } of history) {
          if (event.type === "CodeAskedAgain" && event.failure !== undefined) count(event.failure.name);
          if (event.type === "CodeAskedAgain" && event.untaken !== undefined) count(event.untaken);
          if (event.type === "SignalAwaited" && event.signalId !== undefined) count("waits again");
          if (event.type === "RunCompleted") count("completed");
        }
    for (const what of [
      "InvalidInput",
      "InvalidOutput",
      "InvalidSignal",
      "passedOver",
      "waits again",
      "completed",
    ])
      expect(counts.get(what) ?? 0, what).toBeGreaterThan(3);
  });
});

describe("with one rule off, the harness goes red:", () => {
  test.each(ofUntaken)("%s", { timeout: 240_000 }, async (rule) => {
    const engine = await engineWith(rules[rule]);
    expect(await firstRed((seed) => play(seed, engine))).toBeDefined();
  });

  test("whose schemas do not take what was recorded says so", { timeout: 240_000 }, async () => {
    expect(await firstRed((seed) => play(seed, Engine, { hasty: true }))).toBeDefined();
  });
});
