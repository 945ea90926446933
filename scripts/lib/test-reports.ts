import { existsSync, readFileSync } from "node:fs";
import { basename, relative } from "node:path";
import { z } from "zod";

export interface Totals {
  passed: number;
  failed: number;
  skipped: number;
  /** Names of what failed, to be said once more at the end: a long log's middle is read by nobody, and not always kept. */
  readonly failures: string[];
  /** Names of what failed once and then passed, with what it said: a race in the test or in the product, for somebody to find. */
  readonly unsteady: string[];
}

const vitestReport = z.object({
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  numFailedTestSuites: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      message: z.string().default(""),
      assertionResults: z.array(
        z.object({
          status: z.string(),
          fullName: z.string(),
          failureMessages: z
            .array(z.string())
            .nullish()
            .transform((messages) => messages ?? []),
        }),
      ),
    }),
  ),
});

const failure = z.object({ message: z.string().default("an error without a message") });
interface Suite {
  readonly specs: readonly z.infer<typeof spec>[];
  readonly suites?: readonly Suite[] | undefined;
}
const spec = z.object({
  title: z.string(),
  file: z.string(),
  line: z.number(),
  tests: z.array(z.object({ status: z.string(), results: z.array(z.object({ errors: z.array(failure) })) })),
});
const suite: z.ZodType<Suite> = z.object({
  specs: z.array(spec),
  suites: z.lazy(() => z.array(suite)).optional(),
});
const playwrightReport = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }),
  suites: z.array(suite),
  errors: z.array(failure),
});

/**
 * Files whose process V8 itself ended, by a check of its own that failed (SIGTRAP) or where it had none (SIGSEGV): Node 24 does so once in a few thousand
 * starts of threads that load TypeScript, whose stripping is WebAssembly (nodejs/node#64500). No code of ours is native, so it says nothing of what is tested.
 *
 * @param unhandled what `UnhandledErrorsReporter` wrote
 */
export function endedByV8(unhandled: string): readonly string[] {
  const files = errorsIn(unhandled).flatMap(
    (error) =>
      /Worker exited unexpectedly with signal (?:SIGTRAP|SIGSEGV) .* test file (\S+)/.exec(error)?.[1] ?? [],
  );
  return [...new Set(files)];
}

/**
 * @param unhandled what `UnhandledErrorsReporter` wrote
 * @param status the runner's exit code
 * @param again files that are run again, and counted there
 */
export function totalsOfVitest(
  report: string,
  unhandled: string,
  status: number,
  root: string,
  again: readonly string[] = [],
): Totals {
  const { numFailedTests, numPendingTests, numTodoTests, numFailedTestSuites, testResults } =
    vitestReport.parse(JSON.parse(readFileSync(report, "utf8")));
  const counted = testResults.filter(({ name }) => !again.includes(name));
  const passed = counted
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === "passed").length;
  const besides = errorsIn(unhandled).filter((error) => !again.some((file) => error.includes(file)));
  const isLeftToRun = again.length > 0 && besides.length === 0 && numFailedTestSuites <= again.length;
  // A file that can't even be loaded counts no failed test of its own.
  const isRed = !isLeftToRun && (status !== 0 || numFailedTestSuites > 0);
  const failed = numFailedTests === 0 && isRed ? 1 : numFailedTests;
  const failures = counted.flatMap(({ name, message, assertionResults }) => {
    const file = relative(root, name);
    const tests = assertionResults.filter(({ status }) => status === "failed");
    if (tests.length === 0) return message === "" ? [] : [`${file}: ${message}`];
    return tests.map(
      ({ fullName, failureMessages }) => `${file} > ${fullName}\n${failureMessages.join("\n")}`,
    );
  });
  failures.push(...besides.map((error) => `outside of any test: ${error}`));
  if (failed > 0 && failures.length === 0) failures.push(`Vitest ended with ${status} and named nothing.`);
  return { passed, failed, skipped: numPendingTests + numTodoTests, failures, unsteady: [] };
}

function errorsIn(unhandled: string): readonly string[] {
  return existsSync(unhandled) ? z.array(z.string()).parse(JSON.parse(readFileSync(unhandled, "utf8"))) : [];
}

/** Names of the suites of which a test passed and none failed, as `mistakes` of `mistakes.pulsar.test.ts`. */
export function suitesPassed(report: string): string[] {
  const { testResults } = vitestReport.parse(JSON.parse(readFileSync(report, "utf8")));
  return testResults
    .filter(({ message, assertionResults }) => {
      const statuses = assertionResults.map(({ status }) => status);
      return message === "" && statuses.includes("passed") && !statuses.includes("failed");
    })
    .map(({ name }) => basename(name).replace(/\.(pulsar\.)?test\.ts$/, ""));
}

/** @param status the runner's exit code */
export function totalsOfPlaywright(report: string, status: number): Totals {
  const { stats, suites, errors } = playwrightReport.parse(JSON.parse(readFileSync(report, "utf8")));
  const failed = stats.unexpected === 0 && status !== 0 ? 1 : stats.unexpected;
  const failures = [
    ...suites.flatMap((each) => specsThatWere("unexpected", each)),
    ...errors.map(({ message }) => message),
  ];
  const unsteady = suites.flatMap((each) => specsThatWere("flaky", each));
  if (failed > 0 && failures.length === 0)
    failures.push(`Playwright ended with ${status} and named nothing.`);
  return { passed: stats.expected + stats.flaky, failed, skipped: stats.skipped, failures, unsteady };
}

function specsThatWere(status: "unexpected" | "flaky", { specs, suites }: Suite): string[] {
  const own = specs
    .filter(({ tests }) => tests.some((each) => each.status === status))
    .map(({ file, line, title, tests }) => {
      const messages = tests.flatMap(({ results }) => results.flatMap(({ errors }) => errors));
      return `${file}:${line} > ${title}\n${messages.map(({ message }) => message).join("\n")}`;
    });
  return [...own, ...(suites ?? []).flatMap((each) => specsThatWere(status, each))];
}
