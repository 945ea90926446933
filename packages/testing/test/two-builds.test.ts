import { inCodesOrder } from "@downbeat/domain";
import { type Delegation, Engine } from "@downbeat/engine";
import type { RecordedEvent } from "@downbeat/protocol";
import { inProcessDecisions } from "@downbeat/sdk/decisions";
import { describe, expect, test } from "vitest";
import { type EngineClass, engineWith } from "../src/rules/engine-without.ts";
import { ofBuilds, rules } from "../src/rules/rules.ts";
import { violations } from "../src/simulation/invariants.ts";
import { Schedule } from "../src/simulation/schedule.ts";
import { type DeciderManners, SimulatedDecider } from "../src/simulation/simulated-decider.ts";
import { newerBuild, olderBuild } from "../src/simulation/workflows.ts";
import { buildsThere } from "./builds-there.ts";
import { firstRed } from "./first-red.ts";
import { historiesOf } from "./histories-of.ts";
import { twoEngines } from "./two-engines.ts";

const builds = { older: olderBuild, newer: newerBuild };

/** Workers of two builds, of which either can't go on with some of what the other has decided. */
async function play(seed: number, engine: EngineClass = Engine, manners: DeciderManners = {}) {
  const deciders: SimulatedDecider[] = [];
  const delegation: Delegation = {
    takes: () => true,
    problemWith: async (workflow) => (workflow === "unknown" ? "no" : undefined),
    misfit: async () => undefined,
    buildsOf: () => buildsThere(schedule, deciders),
  };
  const schedule = new Schedule({
    ...twoEngines,
    seed,
    engine,
    delegation,
    runs: 5,
  });
  for (let number = 0; number < 3; number++) {
    const build = (number + seed) % 2 === 0 ? "older" : "newer";
    const code = { build, workflows: builds[build] };
    deciders.push(new SimulatedDecider(schedule, `decider-${number}`, manners, code));
  }
  await schedule.play();
  const histories = historiesOf(schedule);
  return { histories, found: [...violations(schedule), ...(await strayed(histories))] };
}

/** I15: what the build that decided last asks for again is what history holds. I16: a pinned run is one build's. */
async function strayed(histories: ReadonlyMap<string, readonly RecordedEvent[]>): Promise<string[]> {
  const found: string[] = [];
  for (const [runId, history] of histories) {
    const [first] = history;
    if (first?.event.type !== "RunStarted") continue;
    const { workflow } = first.event;
    const deciding = history.flatMap(({ event }) => (event.type === "CodeAnswered" ? [event.build] : []));
    const last = deciding.at(-1);
    if (last !== "older" && last !== "newer") continue;
    if (workflow === "nap" && new Set(deciding).size > 1)
      found.push(`I16: ${runId} was decided by ${deciding.join(", ")}`);
    const session = inProcessDecisions(builds[last]).openSession();
    const decisions = await session.ask({ runId, workflow, history: inCodesOrder(history) });
    const stuck = decisions.find((decision) => decision.type === "GetStuck");
    if (stuck?.failure.kind === "nonDeterminism") found.push(`I15: ${runId}: ${stuck.failure.message}`);
  }
  return found;
}

describe("with two builds at once, each run goes on with one that it fits", () => {
  for (let first = 1; first <= 1_000; first += 100) {
    test(`in schedules ${first} to ${first + 99}`, { timeout: 180_000 }, async () => {
      for (let seed = first; seed < first + 100; seed++)
        expect((await play(seed)).found, `seed ${seed}`).toEqual([]);
    });
  }

  test("which holds answers of both, runs that one of them could not take, and questions for one of them", async () => {
    const counts = new Map<string, number>();
    const count = (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1);
    for (let seed = 1; seed <= 30; seed++) {
      for (const history of (await play(seed)).histories.values()) {
        const deciding = new Set<string>();
        for (const { event } of history) {
          if (event.type === "CodeAnswered") deciding.add(event.build ?? "");
          if (event.type === "CodeAnswered" && event.versioning === "pinned") count("pinned");
          if (event.type === "CodeAskedAgain" && event.because === "notMine")
            count(event.next === undefined ? "of anybody" : "of another build");
        }
        for (const build of deciding) count(build);
        if (deciding.size > 1) count("by both");
      }
    }
    for (const what of ["older", "newer", "by both", "pinned", "of anybody", "of another build"])
      expect(counts.get(what) ?? 0, what).toBeGreaterThan(3);
  });
});

describe("with one rule off, the harness goes red:", () => {
  test.each(ofBuilds)("%s", { timeout: 240_000 }, async (rule) => {
    const engine = await engineWith(rules[rule]);
    expect(await firstRed((seed) => play(seed, engine))).toBeDefined();
  });

  test("whose code does not fit says so", { timeout: 240_000 }, async () => {
    expect(await firstRed((seed) => play(seed, Engine, { stubborn: true }))).toBeDefined();
  });
});
