import { parseRunEvents } from "@downbeat/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { oddThrown, oddValues } from "../../../test/odd-values.ts";
import { job, type Run, workflow } from "../../index.ts";
import { inProcessDecisions } from "../index.ts";
import { DrivenRun } from "./driven-run.ts";

type Code = (run: Run, value: unknown) => unknown;

/** What the code does with the value; each by itself must leave a run that goes on, is stuck, or is over. */
const deeds: Readonly<Record<string, Code>> = {
  throws: (_, value) => {
    throw value;
  },
  returns: (_, value) => value,
  "asks a job": (run, value) => run.job(job<unknown>("work"), value),
  "registers a compensation": (run, value) => run.compensate(job<unknown>("undo"), value),
  "names a job": (run, value) => run.job(value as never),
  "gives options": (run, value) => run.job(job("work"), undefined, value as never),
  "gives an option": (run, value) => run.job(job("work"), undefined, { heartbeatMs: value } as never),
  sleeps: (run, value) => run.sleep(value as never),
  "sleeps until": (run, value) => run.sleepUntil(value as never),
  "awaits a signal": (run, value) => run.signal(value as never),
  "gives up a signal": (run, value) => run.signal("s", { timeout: value as never }),
  "checks a signal": (run, value) => run.signal("s", { schema: value as never }),
  labels: (run, value) => run.setLabels(value as never),
  "labels one": (run, value) => run.setLabels({ key: value } as never),
};

async function carryOut(deed: Code, value: unknown): Promise<void> {
  const code = workflow("odd", async (run: Run) => deed(run, value));
  const driven = new DrivenRun("odd", inProcessDecisions([code]).openSession());
  await driven.start();
  const events = driven.history.map(({ event }) => event);
  // Read back as what was meant, or it is no record.
  expect(parseRunEvents(JSON.parse(JSON.stringify(events)))).toEqual(events);
  const isWaiting = driven.state?.status === "running" && driven.state.stuck === undefined;
  if (isWaiting) expect(driven.eventTypes.length).toBeGreaterThan(1);
}

test.each(Object.entries(deeds))(
  "code that %s with an odd value harms its own run at most",
  async (_, deed) => {
    for (const value of oddValues) await carryOut(deed, value);
  },
);

test("whatever odd values are put together of, the code of one run is all that suffers", async () => {
  await fc.assert(
    fc.asyncProperty(oddThrown, fc.constantFrom(...Object.values(deeds)), async (make, deed) =>
      carryOut(deed, make()),
    ),
    { numRuns: 150 },
  );
});
