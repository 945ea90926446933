import { inCodesOrder, type RunEvent } from "@downbeat/domain";
import { Engine } from "@downbeat/engine";
import type { RecordedEvent } from "@downbeat/protocol";
import { inProcessDecisions } from "@downbeat/sdk/decisions";
import { describe, expect, test } from "vitest";
import { type EngineClass, engineWith } from "../src/rules/engine-without.ts";
import { ofQuestions, rules } from "../src/rules/rules.ts";
import { violations } from "../src/simulation/invariants.ts";
import { Schedule } from "../src/simulation/schedule.ts";
import { type DeciderManners, SimulatedDecider } from "../src/simulation/simulated-decider.ts";
import { workflows } from "../src/simulation/workflows.ts";
import { firstRed } from "./first-red.ts";
import { historiesOf } from "./histories-of.ts";
import { twoEngines } from "./two-engines.ts";

/** Engines that know nobody's code, and workers that host it. */
async function play(seed: number, engine: EngineClass = Engine, manners: DeciderManners = {}) {
  const schedule = new Schedule({
    ...twoEngines,
    seed,
    engine,
    delegation: {
      takes: () => true,
      problemWith: async (workflow) => (workflow === "unknown" ? "no" : undefined),
      misfit: async () => undefined,
      buildsOf: () => [""],
    },
    runs: 5,
  });
  for (let number = 0; number < 3; number++) new SimulatedDecider(schedule, `decider-${number}`, manners);
  await schedule.play();
  return { schedule, found: [...violations(schedule), ...(await otherwise(schedule))] };
}

/** I15: what code that is told the history again asks for is what history holds. */
async function otherwise(schedule: Schedule): Promise<string[]> {
  const found: string[] = [];
  for (const [runId, history] of historiesOf(schedule)) {
    const workflow = history[0]?.event.type === "RunStarted" ? history[0].event.workflow : "";
    const session = inProcessDecisions(workflows).openSession();
    const decisions = await session.ask({ runId, workflow, history: inCodesOrder(history) });
    const stuck = decisions.find((decision) => decision.type === "GetStuck");
    if (stuck?.failure.kind === "nonDeterminism") found.push(`I15: ${runId}: ${stuck.failure.message}`);
    else if (isAtRest(history) && decisions.length > 0)
      found.push(`I15: ${runId} lacks ${decisions.map(({ type }) => type).join(", ")}`);
  }
  return found;
}

/** Its code was heard, and has not got stuck. */
function isAtRest(history: readonly RecordedEvent[]): boolean {
  const types = new Set<RunEvent["type"]>(history.map(({ event }) => event.type));
  return ![...types].some((type) => /^Run(Terminated|Stuck)$|CodeGivenUp/.test(type));
}

describe("whatever becomes of questions, answers and those who give them, nothing is lost or asked for twice", () => {
  for (let first = 1; first <= 1_000; first += 100) {
    test(`in schedules ${first} to ${first + 99}`, { timeout: 180_000 }, async () => {
      for (let seed = first; seed < first + 100; seed++)
        expect((await play(seed)).found, `seed ${seed}`).toEqual([]);
    });
  }

  test("which holds answers that came late, twice, or to what was asked before, and questions put again for each reason", async () => {
    const counts = new Map<string, number>();
    const count = (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1);
    for (let seed = 1; seed <= 30; seed++) {
      const { schedule } = await play(seed);
      const histories = historiesOf(schedule);
      for (const history of histories.values()) {
        for (const { event, seq } of history) {
          if (event.type === "CodeAskedAgain") count(event.because);
          if (event.type === "CodeAnswered") count("answered");
          if (event.type === "CodeAnswered" && event.upTo < seq - 1) count("meanwhile");
        }
      }
      const answered = new Set(
        [...histories.values()]
          .flat()
          .flatMap(({ event }) => (event.type === "CodeAnswered" ? [event.answerId] : [])),
      );
      for (const { command } of schedule.sent)
        if (command.type === "AnswerQuestion" && !answered.has(command.answerId)) count("did not count");
    }
    for (const what of ["history", "noAnswer", "unfinished", "meanwhile", "did not count"])
      expect(counts.get(what) ?? 0, what).toBeGreaterThan(2);
  });
});

describe("with one rule off, the harness goes red:", () => {
  test.each(ofQuestions)("%s", { timeout: 240_000 }, async (rule) => {
    const engine = await engineWith(rules[rule]);
    expect(await firstRed((seed) => play(seed, engine))).toBeDefined();
  });

  test("who goes on from an answer that did not count", { timeout: 240_000 }, async () => {
    expect(await firstRed((seed) => play(seed, Engine, { trusting: true }))).toBeDefined();
  });
});
