import { evolve, type RunState } from "@downbeat/domain";
import { Engine } from "@downbeat/engine";
import { type DecisionService, parseHistoryRecord, topics } from "@downbeat/protocol";
import { inProcessDecisions } from "@downbeat/sdk/decisions";
import { expect, test } from "vitest";
import { type EngineClass, engineWithout } from "../src/rules/engine-without.ts";
import { noFaults } from "../src/simulation/faults.ts";
import { violations } from "../src/simulation/invariants.ts";
import { type Death, Schedule } from "../src/simulation/schedule.ts";
import { workflows } from "../src/simulation/workflows.ts";

const bomb = "bomb";

/** Runs that work, and one whose code ends every process that runs it. */
async function play(
  seed: number,
  engine: EngineClass,
  how: Death,
  engines: number,
): Promise<{ schedule: Schedule; deaths: number }> {
  let deaths = 0;
  const decisions = (crash: (how: Death) => void): DecisionService => {
    const service = inProcessDecisions(workflows);
    return {
      ...service,
      openSession() {
        const session = service.openSession();
        return {
          ...session,
          check: (question, offer) => session.check(question, offer),
          forget: (runId) => session.forget(runId),
          close: () => session.close(),
          async ask(question) {
            if (question.runId !== bomb) return session.ask(question);
            deaths += 1;
            crash(how);
            return new Promise(() => {});
          },
        };
      },
    };
  };
  const schedule = new Schedule({
    seed,
    faults: noFaults,
    engine,
    decisions,
    quiet: false,
    runs: 4,
    engines,
    partitions: 1,
    troubleMs: 30_000,
    settleMs: 120_000,
  });
  schedule.world.schedule(5_000, () =>
    schedule.send({
      type: "StartRun",
      commandId: schedule.commandId(),
      runId: bomb,
      workflow: "short",
      input: JSON.stringify({ amount: 1 }),
    }),
  );
  await schedule.play();
  return { schedule, deaths };
}

function stateOf(schedule: Schedule, runId: string): RunState | undefined {
  let state: RunState | undefined;
  for (const { payload } of schedule.log.messages(topics.history(0))) {
    const record = parseHistoryRecord(payload);
    if (record?.kind !== "decisions") continue;
    for (const decision of record.decisions.filter((one) => one.runId === runId)) {
      let { seq } = decision;
      for (const event of decision.events)
        state = evolve(state, event, { runId, seq: seq++, at: record.at, inputId: decision.inputId });
    }
  }
  return state;
}

/** For each engine one death that nobody expected, and those in careful hands. */
const stories: [string, Death, number, number][] = [
  ["two deaths are enough for code that never ends", "after long", 1, 2],
  ["with two engines, each of which has its own notes, two of each are", "after long", 2, 4],
  [
    "code that ends the process at once, as any death by chance might, is given up a little later",
    "at once",
    1,
    3,
  ],
  ["and with two engines likewise", "at once", 2, 6],
];

test.each(stories)(
  "%s: its run is stuck with the reason, all others go on",
  {
    timeout: 120_000,
  },
  async (_, how, engines, mostDeaths) => {
    for (let seed = 1; seed <= 25; seed++) {
      const { schedule, deaths } = await play(seed, Engine, how, engines);
      const again = `seed ${seed}`;
      expect(deaths, again).toBeGreaterThan(1);
      expect(deaths, again).toBeLessThanOrEqual(mostDeaths);
      expect(stateOf(schedule, bomb), again).toMatchObject({
        status: "running",
        stuck: { name: "EngineEnded", message: expect.stringContaining("did not survive running this code") },
      });
      expect(violations(schedule), again).toEqual([]);
    }
  },
);

test("without that, such a command stays at the head of its partition forever", async () => {
  const engine = await engineWithout("deadlyInputIsOutcome");
  const { schedule, deaths } = await play(1, engine, "after long", 2);
  expect(deaths).toBeGreaterThan(10);
  expect(stateOf(schedule, bomb)).toBeUndefined();
  expect(violations(schedule)).not.toEqual([]);
});
