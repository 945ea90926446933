import { Engine } from "@downbeat/engine";
import { inProcessDecisions } from "@downbeat/sdk/decisions";
import { describe, expect, test } from "vitest";
import { type EngineClass, engineWithout } from "../src/rules/engine-without.ts";
import { allFaults, type Faults } from "../src/simulation/faults.ts";
import { violations } from "../src/simulation/invariants.ts";
import { Schedule } from "../src/simulation/schedule.ts";
import { workflows } from "../src/simulation/workflows.ts";

const second = 1_000;
const hour = 3_600_000;

/** What somebody sets the log's clock to, when, in simulated ms from the beginning. */
type Settings = readonly { readonly at: number; readonly aheadMs: number }[];

/** Partitions move, sessions break and messages are lost; whoever follows has seen the clock before it is set. */
const faults: Faults = { ...allFaults, crashEveryMs: 0, snapshotGone: 0, redelivered: 0, timerLost: 0.5 };

/** Runs that wait for half a minute and more, beside those of every schedule. */
async function play(seed: number, engine: EngineClass, settings: Settings, given = faults) {
  const strayed: string[] = [];
  const schedule = new Schedule({
    seed,
    faults: given,
    engine,
    decisions: () => inProcessDecisions(workflows),
    quiet: false,
    runs: 4,
    engines: 3,
    partitions: 1,
    troubleMs: 60 * second,
    settleMs: 150 * second,
    onClockStrayed: (what) => strayed.push(what),
  });
  for (const { at, aheadMs } of settings) schedule.world.schedule(at, () => schedule.log.setClock(aheadMs));
  for (let nap = 0; nap < 6; nap++) {
    schedule.world.schedule(nap * 8 * second, () =>
      schedule.send({
        type: "StartRun",
        commandId: schedule.commandId(),
        runId: `nap-${nap}`,
        workflow: "nap",
        input: JSON.stringify({ ms: 40 * second }),
      }),
    );
  }
  await schedule.play();
  return { found: violations(schedule), strayed };
}

const twoHoursFor = (ms: number): Settings => [
  { at: 25 * second, aheadMs: 2 * hour },
  { at: 25 * second + ms, aheadMs: 0 },
];

const setRight: Settings = [
  { at: 0, aheadMs: 2 * hour },
  { at: 20 * second, aheadMs: 0 },
];
/** Further than a record's time may be ahead of the log's clock, but for the record before. */
const setRightByYears: Settings = [
  { at: 0, aheadMs: 87_600 * hour },
  { at: 20 * second, aheadMs: 0 },
];
const whileProcessesDie: Faults = { ...faults, crashEveryMs: 8 * second, snapshotGone: 0.3 };

const stories: [string, Settings, Faults][] = [
  ["jumps two hours ahead for six seconds", twoHoursFor(6 * second), faults],
  [
    "jumps ahead again and again",
    [
      ...twoHoursFor(3 * second),
      ...twoHoursFor(9 * second).map(({ at, aheadMs }) => ({ at: at + 15 * second, aheadMs })),
    ],
    faults,
  ],
  [
    "goes two hours back for six seconds",
    twoHoursFor(6 * second).map(({ at, aheadMs }) => ({ at, aheadMs: -aheadMs })),
    faults,
  ],
  ["goes two hours back for good", [{ at: 25 * second, aheadMs: -2 * hour }], faults],
  // Some engine starts while it is ahead, and has never seen it otherwise: what it records is ahead too.
  ["was two hours ahead when everything began, and is set right", setRight, faults],
  ["was ten years ahead when everything began, and is set right", setRightByYears, faults],
];

describe("nothing that lasts is shorter or much longer than it was to be when the log's clock", () => {
  test.each(stories)("%s", { timeout: 120_000 }, async (_, settings, given) => {
    for (let seed = 1; seed <= 20; seed++)
      expect((await play(seed, Engine, settings, given)).found, `seed ${seed}`).toEqual([]);
  });
});

test("nothing is frozen when it was ahead, is set right, and processes die meanwhile", {
  timeout: 120_000,
}, async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const { found } = await play(seed, Engine, setRight, whileProcessesDie);
    // Who starts then does not know for how long nobody has counted: what lasts may be shorter by that, for another who does.
    expect(
      found.filter((violation) => !violation.startsWith("I6")),
      `seed ${seed}`,
    ).toEqual([]);
  }
});

test("a clock that jumps is noticed, and said", async () => {
  const { strayed } = await play(1, Engine, twoHoursFor(6 * second));
  expect(strayed).toContain("ahead");
  expect(strayed).toContain("over");
});

describe("with one rule off, the harness goes red:", () => {
  test.each([
    ["jumpsNotFollowed", twoHoursFor(6 * second), faults],
    ["timeGoesOn", setRight, whileProcessesDie],
  ] as const)("%s", { timeout: 120_000 }, async (rule, settings, given) => {
    const engine = await engineWithout(rule);
    let red = 0;
    for (let seed = 1; seed <= 5; seed++)
      if ((await play(seed, engine, settings, given)).found.length > 0) red++;
    expect(red).toBeGreaterThan(0);
  });
});
