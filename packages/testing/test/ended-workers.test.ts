import { Engine } from "@downbeat/engine";
import { describe, expect, test } from "vitest";
import { type EngineClass, engineWith } from "../src/rules/engine-without.ts";
import { ofEnds, rules } from "../src/rules/rules.ts";
import { allFaults } from "../src/simulation/faults.ts";
import { violations } from "../src/simulation/invariants.ts";
import { Schedule } from "../src/simulation/schedule.ts";
import { type DeciderManners, SimulatedDecider } from "../src/simulation/simulated-decider.ts";
import { deadly, workflows } from "../src/simulation/workflows.ts";
import { firstRed } from "./first-red.ts";
import { historiesOf } from "./histories-of.ts";
import { twoEngines } from "./two-engines.ts";

/** A run whose code ends each worker that is asked, among others; in half of the schedules there is one worker alone, on a log that forgets its counts with it. */
async function play(seed: number, engine: EngineClass = Engine, manners: DeciderManners = {}) {
  const schedule = new Schedule({
    ...twoEngines,
    // Copies of a message are known for copies by the worker's memory, which is not what is looked at here.
    faults: { ...allFaults, deliveredTwice: 0, redelivered: 0 },
    seed,
    engine,
    delegation: {
      takes: () => true,
      problemWith: async (workflow) => (workflow === "unknown" ? "no" : undefined),
      misfit: async () => undefined,
      buildsOf: () => [""],
    },
    runs: 4,
  });
  const { world } = schedule;
  const isForgetful = seed % 2 === 0;
  schedule.log.forgetsDeliveries = isForgetful;
  const diedOf = new Map<string, number>();
  const code = { workflows: [...workflows, deadly] };
  for (let number = 0; number < (isForgetful ? 1 : 3); number++)
    new SimulatedDecider(schedule, `decider-${number}`, { ...manners, diedOf }, code);
  for (const runId of ["deadly-0", "deadly-1"]) {
    const base = () => ({ commandId: schedule.commandId(), runId });
    world.schedule(world.random.between(0, 15_000), () =>
      schedule.send({ type: "StartRun", ...base(), workflow: deadly.name, input: "null" }),
    );
  }
  // Somebody has seen which run it is.
  const action = { actionId: "end", actor: "operator", reason: "It ends workers." };
  world.schedule(world.random.between(15_000, 25_000), () =>
    schedule.send({ type: "TerminateRun", commandId: schedule.commandId(), runId: "deadly-1", action }),
  );
  await schedule.play();
  const histories = historiesOf(schedule);
  return { histories, diedOf, found: [...violations(schedule), ...unbounded(histories, diedOf)] };
}

/** I18: a run that ends workers comes to a person's eyes, or to its end, after few of them; no other is taken for one. */
function unbounded(histories: ReturnType<typeof historiesOf>, diedOf: ReadonlyMap<string, number>): string[] {
  const found: string[] = [];
  for (const [runId, history] of histories) {
    const stuck = history.findLast(({ event }) => event.type === "RunStuck")?.event;
    const isTaken = stuck?.type === "RunStuck" && stuck.failure.name === "WorkerEnded";
    if (!runId.startsWith("deadly")) {
      if (isTaken) found.push(`I18: ${runId} is taken for one that ends workers`);
      continue;
    }
    const isOver = history.some(({ event }) => event.type === "RunTerminated");
    const deaths = diedOf.get(runId) ?? 0;
    // Its job may have gone wrong before.
    if (deaths > 0 && !isTaken && !isOver) found.push(`I18: ${runId} goes on ending workers`);
    if (deaths > mostDeaths) found.push(`I18: ${deaths} workers ended with ${runId}`);
  }
  return found;
}

const mostDeaths = 20;

describe("whatever code ends its workers, its run is found, and no other is taken for it", () => {
  for (let first = 1; first <= 500; first += 100) {
    test(`in schedules ${first} to ${first + 99}`, { timeout: 240_000 }, async () => {
      for (let seed = first; seed < first + 100; seed++)
        expect((await play(seed)).found, `seed ${seed}`).toEqual([]);
    });
  }

  test("which holds runs that were found, ends that were counted, and others that may have been", async () => {
    const counts = new Map<string, number>();
    const count = (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1);
    for (let seed = 1; seed <= 30; seed++)
      for (const [runId, history] of (await play(seed)).histories)
        for (const { event } of history) {
          const whose = runId.startsWith("deadly") ? "deadly" : "others";
          if (event.type === "RunStuck") count(`${whose} ${event.failure.name}`);
          if (event.type === "CodeAskedAgain" && event.because === "workerEnded")
            count(`${whose} ${event.ended ?? "ended"}`);
        }
    for (const what of [
      "deadly WorkerEnded",
      "deadly ended",
      "deadly begins",
      "others begins",
      "others maybe",
    ])
      expect(counts.get(what) ?? 0, what).toBeGreaterThan(3);
  });
});

describe("with one rule off, the harness goes red:", () => {
  test.each(ofEnds)("%s", { timeout: 240_000 }, async (rule) => {
    const engine = await engineWith(rules[rule]);
    expect(await firstRed((seed) => play(seed, engine))).toBeDefined();
  });

  test("a question that came back is not put to the code", { timeout: 240_000 }, async () => {
    expect(await firstRed((seed) => play(seed, Engine, { reckless: true }))).toBeDefined();
  });

  test("what ended workers before is said to begin", { timeout: 240_000 }, async () => {
    expect(await firstRed((seed) => play(seed, Engine, { heedless: true }))).toBeDefined();
  });
});
