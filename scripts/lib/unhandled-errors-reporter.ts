import { writeFileSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";

type UnhandledError = Parameters<NonNullable<Reporter["onTestRunEnd"]>>[1][number];

/**
 * Writes what a Vitest run ended with besides its tests: errors outside of any test (a worker that ended, a promise that
 * nobody waited for), what a group's hooks threw, and files whose tests were never run. Vitest's own JSON report leaves all of them out.
 */
export default class UnhandledErrorsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly UnhandledError[]): void {
    const path = process.env.DOWNBEAT_UNHANDLED_ERRORS;
    if (!path) return;
    const inHooks = modules.flatMap((module) =>
      [...module.children.allSuites()].flatMap((suite) =>
        suite
          .errors()
          .map((error) => `${module.moduleId} > ${suite.fullName}, in a hook: ${described(error)}`),
      ),
    );
    const left = modules.filter((module) => ["queued", "pending"].includes(module.state()));
    const neverRun = left.map(({ moduleId }) => `${moduleId} was never run to its end.`);
    writeFileSync(path, JSON.stringify([...inHooks, ...unhandled.map(described), ...neverRun]));
  }
}

function described(error: UnhandledError): string {
  const { VITEST_TEST_PATH: file, VITEST_TEST_NAME: name } = error;
  const where = file ? `\nwhile ${file} ran${name ? `, last seen in "${name}"` : ""}` : "";
  const cause = error.cause ? `\n${described(error.cause)}` : "";
  return `${error.stack ?? error.message}${where}${cause}`;
}
