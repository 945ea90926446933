import { setImmediate } from "node:timers/promises";
import { type RunnerTestCase, type RunnerTestSuite, TestRunner } from "vitest";

let rejection: { readonly error: unknown } | undefined;
process.on("unhandledRejection", (error) => {
  rejection = { error };
});
process.on("uncaughtException", (error) => {
  rejection = { error };
});

/** Runs a test with its hooks; what it failed with, if it did. A rejection that nobody handled fails it, as Vitest would say. */
export async function runOnce(test: RunnerTestCase): Promise<{ readonly error: unknown } | undefined> {
  rejection = undefined;
  let failure: { readonly error: unknown } | undefined;
  const attempt = async (step: () => unknown) => {
    try {
      await step();
    } catch (error) {
      failure ??= { error };
    }
  };
  const suites = suitesOf(test);
  for (const suite of suites)
    for (const hook of TestRunner.getSuiteHooks(suite).beforeEach)
      await attempt(() => hook(test.context, suite));
  await attempt(() => TestRunner.getTestFn(test)());
  for (const suite of suites.toReversed())
    for (const hook of TestRunner.getSuiteHooks(suite).afterEach)
      await attempt(() => hook(test.context, suite));
  for (const finish of takeFinishers(test)) await attempt(() => finish(test.context));
  await setImmediate();
  return failure ?? rejection;
}

/** What `onTestFinished` has been given, the last first: otherwise Vitest calls it only when all mutants have had their turn. */
function takeFinishers(test: RunnerTestCase & { onFinished?: ((context: object) => unknown)[] | undefined }) {
  const finishers = test.onFinished?.toReversed() ?? [];
  test.onFinished = [];
  return finishers;
}

function suitesOf(test: RunnerTestCase): readonly RunnerTestSuite[] {
  const suites: RunnerTestSuite[] = [];
  for (let suite = test.suite; suite !== undefined; suite = suite.suite) suites.unshift(suite);
  return suites.includes(test.file) ? suites : [test.file, ...suites];
}
