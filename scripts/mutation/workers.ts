import { join } from "node:path";
import type { Plugin } from "vite";
import { type CliOptions, createVitest, type Vitest } from "vitest/node";
import { instrument } from "./instrument.ts";
import type { Source } from "./mutants.ts";
import "./task.ts";
import type { MutationTask } from "./task.ts";

/** Vitest with the mutants compiled into a package, one test file in one process at a time. */
export class Workers {
  readonly #vitest: Vitest;

  private constructor(vitest: Vitest) {
    this.#vitest = vitest;
  }

  static async start(root: string, sources: readonly Source[]): Promise<Workers> {
    const options: CliOptions = {
      root,
      config: false,
      watch: false,
      // It would give one run what another has instrumented.
      fsModuleCache: false,
      include: ["packages/**/*.test.ts"],
      pool: "forks",
      maxWorkers: 1,
      fileParallelism: false,
      runner: join(import.meta.dirname, "runner.ts"),
      silent: true,
      dangerouslyIgnoreUnhandledErrors: true,
      testTimeout: 120_000,
      hookTimeout: 120_000,
    };
    const vitest = await createVitest(
      "test",
      { ...options, reporters: [{}] },
      { plugins: [mutating(root, sources)] },
    );
    return new Workers(vitest);
  }

  /** @returns why the file's tests could not be found in it */
  async run(testFile: string, task: MutationTask): Promise<readonly string[]> {
    this.#vitest.provide("mutation", task);
    const specifications = await this.#vitest.globTestSpecifications([testFile]);
    const { testModules } = await this.#vitest.runTestSpecifications(
      specifications.filter(({ moduleId }) => moduleId.endsWith(testFile)),
    );
    return testModules.flatMap((module) => module.errors().map(({ message }) => message));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#vitest.close();
  }
}

function mutating(root: string, sources: readonly Source[]): Plugin {
  const byPath = new Map(sources.map((source) => [join(root, source.file), source]));
  return {
    name: "mutation",
    enforce: "pre",
    transform(_code, id) {
      const source = byPath.get(id);
      return source && { code: instrument(source.file, source.text, source.mutants), map: null };
    },
  };
}
