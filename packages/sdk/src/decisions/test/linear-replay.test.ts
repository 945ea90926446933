import type { RunEvent } from "@downbeat/domain";
import type { RecordedEvent } from "@downbeat/protocol";
import { expect, test } from "vitest";
import { z } from "zod";
import { type Run, workflow } from "../../index.ts";
import { inProcessDecisions } from "../index.ts";

/** A history of so many rounds, and how often its events were looked at. */
function counted(rounds: number, round: (number: number) => readonly RunEvent[]) {
  const counts = { looks: 0 };
  const all: RunEvent[] = [{ type: "RunStarted", workflow: "rounds", input: "null", rules: 2 }];
  for (let number = 1; number <= rounds; number++) all.push(...round(number));
  const history = all.map((event, index): RecordedEvent => {
    const seq = index + 1;
    return {
      seq,
      at: seq,
      get event() {
        counts.looks++;
        return event;
      },
    };
  });
  return { counts, history };
}

async function looksAtEach(
  code: (run: Run) => Promise<unknown>,
  rounds: number,
  round: (number: number) => readonly RunEvent[],
): Promise<number> {
  const decisions = inProcessDecisions([workflow("rounds", code)], { onStray: () => {} });
  const { counts, history } = counted(rounds, round);
  const answer = await decisions.openSession().ask({ runId: "run-1", workflow: "rounds", history });
  expect(answer.map(({ type }) => type)).not.toContain("GetStuck");
  return counts.looks / history.length;
}

const signal = (waitId: string, signalId: string, payload: string): RunEvent[] => [
  { type: "SignalReceived", signalId, name: "n", payload },
  { type: "SignalDelivered", waitId, signalId },
];

const cases: Record<string, [(run: Run) => Promise<unknown>, (number: number) => RunEvent[]]> = {
  "many signals": [
    async (run) => {
      for (;;) await run.signal("n");
    },
    (n) => [{ type: "SignalAwaited", waitId: `w${n}`, name: "n" }, ...signal(`w${n}`, `s${n}`, "1")],
  ],
  "many signals that were passed over": [
    (run) => run.signal("n", { schema: z.number() }),
    (n) => [
      { type: "SignalAwaited", waitId: `w${n}`, name: "n", ...(n > 1 && { signalId: `s${n - 1}` }) },
      ...signal(`w${n}`, `s${n}`, '"odd"'),
    ],
  ],
  "many versions": [
    async (run) => {
      for (let n = 1; ; n++) {
        run.version(`recorded ${n}`, 2);
        run.version(`not recorded ${n}`, 2);
        await run.signal("n");
      }
    },
    (n) => [
      { type: "VersionRecorded", changeId: `recorded ${n}`, version: 2 },
      ...(n === 1 ? [{ type: "VersionRecorded", changeId: "not recorded 1", version: 2 } as const] : []),
      { type: "SignalAwaited", waitId: `w${n}`, name: "n" },
      ...signal(`w${n}`, `s${n}`, "1"),
    ],
  ],
};

test.each(Object.entries(cases))(
  "A replay of a run with %s looks at each event so often, however long the run is",
  async (_, [code, round]) => {
    const few = await looksAtEach(code, 20, round);
    const many = await looksAtEach(code, 400, round);
    expect(many).toBeLessThan(few + 1);
  },
);
