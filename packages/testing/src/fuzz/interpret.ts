import { type JobOptions, job, type Run, workflow } from "@downbeat/sdk";
import { type OddName, odd } from "./odd-values.ts";
import type { Act, Program, Step, Together } from "./program.ts";
import { replaceShared } from "./replace-shared.ts";

const actJob = job<unknown, unknown>("act");
const controlJob = job<{ n: number }, { n: number }>("control", {
  retry: { maxAttempts: 1 },
});

/** The code of every odd run: does what its input says. */
export const fuzzed = workflow<Program, unknown>("fuzz", async (run, program) => {
  const left = await walk(run, program?.steps ?? []);
  return left?.value;
});

/** What goes on beside the odd ones, and must not notice them. */
export const control = workflow<{ n: number }, { n: number }>("control", async (run, { n }) => {
  const done = await run.job(controlJob, { n });
  await run.sleep(1);
  return { n: done.n };
});

/** Set when the code has returned. */
type Left = { readonly value: unknown } | undefined;

async function walk(run: Run, steps: readonly Step[]): Promise<Left> {
  for (const step of steps) {
    const left = await take(run, step);
    if (left !== undefined) return left;
  }
  return undefined;
}

async function take(run: Run, step: Step): Promise<Left> {
  switch (step.do) {
    case "job":
      await run.job(actJob, { act: step.act, input: odd(step.input) }, optionsOf(step.options));
      return undefined;
    case "jobs": {
      const act: Act = { how: "return", value: "one" };
      await Promise.all(
        Array.from({ length: step.count }, () => run.job(actJob, { act, input: null }, quick)),
      );
      return undefined;
    }
    case "waits":
      await Promise.all(
        Array.from({ length: step.count }, (_, index) => run.signal(`s${index % 7}`, { timeout: 1 + index })),
      );
      return undefined;
    case "define":
      await run.job(Reflect.apply(job, undefined, [odd(step.name), odd(step.settings)]));
      return undefined;
    case "sleep":
    case "sleepUntil":
      await Reflect.apply(run[step.do], run, [odd(step.time)]);
      return undefined;
    case "signal":
      await Reflect.apply(run.signal, run, [odd(step.name), { timeout: odd(step.timeout) }]);
      return undefined;
    case "together":
      await together(
        step.how,
        step.branches.map((branch) => walk(run, branch)),
      );
      return undefined;
    case "try":
      try {
        return await walk(run, step.body);
      } catch {
        return walk(run, step.caught);
      }
    case "repeat":
      for (let time = 0; time < step.times; time++) {
        const left = await walk(run, step.body);
        if (left !== undefined) return left;
      }
      return undefined;
    case "compensate":
      run.compensate(actJob, { act: step.act, input: odd(step.input) }, quick);
      return undefined;
    case "throw":
      throw odd(step.value);
    case "return":
      return { value: odd(step.value) };
    case "labels":
      Reflect.apply(run.setLabels, run, [odd(step.value)]);
      return undefined;
    case "stray":
      void stray(run, step.value);
      return undefined;
    case "await":
      await odd(step.value);
      return undefined;
    case "spin":
      spin(step.ms);
      return undefined;
    case "endless":
      spin(Number.POSITIVE_INFINITY);
      return undefined;
    case "exit":
      process.exit(3);
      return undefined;
    case "hoard":
      hoard();
      return undefined;
    case "replace":
      replaceShared(step);
      return undefined;
    case "insist":
      while (true)
        await run.sleep("1 minute").then(
          () => insist(run, step.on),
          () => insist(run, step.on),
        );
    case "chance":
      return chance++ % 2 === 0 ? walk(run, step.body) : undefined;
    case "misuse":
      await Reflect.apply(Reflect.get(run, step.method), run, step.arguments.map(odd));
      return undefined;
  }
}

/** Kept outside of the runs, so that a replay finds another. */
let chance = 0;

async function insist(run: Run, on: "job" | "sleep" | "signal"): Promise<void> {
  try {
    if (on === "job") await run.job(actJob, { act: { how: "return", value: "one" }, input: null }, quick);
    else if (on === "sleep") await run.sleep("1 hour");
    else await run.signal("never");
  } catch {}
}

/** So that a run settles in the time of a test. */
const quick: JobOptions = { retry: { maxAttempts: 2, initialIntervalMs: 1 }, startToCloseMs: 100 };
const retryNames = [
  "maxAttempts",
  "initialIntervalMs",
  "coefficient",
  "maxIntervalMs",
  "jitter",
  "nonRetryable",
];

function optionsOf(given: Readonly<Record<string, OddName>>): JobOptions {
  const values = Object.entries(given).map(([name, value]) => [name, odd(value)] as const);
  const retry = Object.fromEntries(values.filter(([name]) => retryNames.includes(name)));
  const others = Object.fromEntries(values.filter(([name]) => !retryNames.includes(name)));
  return { ...quick, ...others, retry: { ...quick.retry, ...retry } };
}

async function together(how: Together, branches: readonly Promise<Left>[]): Promise<void> {
  if (how === "all") await Promise.all(branches);
  else if (how === "allSettled") await Promise.allSettled(branches);
  else if (how === "any") await Promise.any(branches);
  else if (branches.length > 0) await Promise.race(branches);
}

/** A branch that nobody awaits, which goes on asking when the run is over. */
async function stray(run: Run, value: OddName): Promise<void> {
  await run.sleep(1);
  await run.job(actJob, { act: { how: "return", value }, input: null }, quick);
  throw odd(value);
}

function hoard(): void {
  const held: number[][] = [];
  while (true) held.push(new Array(100_000).fill(held.length));
}

function spin(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}
