import { fork } from "node:child_process";
import { once } from "node:events";
import { loadavg } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { quantile } from "./bench-engine.ts";

const processes = 7;
const measured = z.object({
  imported: z.number(),
  tests: z.array(z.object({ clock: z.number(), processor: z.number() })),
});

type Test = z.output<typeof measured>["tests"][number];

/** A two-day time-out in `testEnvironment`: the first test of a process, which finds nothing compiled, and the others. Medians over processes, and the worst. */
export async function testingBench(): Promise<object> {
  const imported: number[] = [];
  const first: Test[] = [];
  const others: Test[] = [];
  for (let number = 0; number < processes; number++) {
    const child = fork(join(import.meta.dirname, "bench-testing-process.ts"));
    const [message] = await once(child, "message");
    const { imported: ms, tests } = measured.parse(message);
    imported.push(ms);
    first.push(...tests.slice(0, 1));
    others.push(...tests.slice(1));
  }
  const [load = 0] = loadavg();
  return { processes, load, importMs: of(imported), firstTest: both(first), furtherTest: both(others) };
}

function both(tests: readonly Test[]): object {
  return {
    clockMs: of(tests.map(({ clock }) => clock)),
    processorMs: of(tests.map(({ processor }) => processor)),
  };
}

function of(figures: readonly number[]): object {
  const sorted = figures.toSorted((a, b) => a - b);
  return { p50: quantile(sorted, 0.5), most: quantile(sorted, 1) };
}
