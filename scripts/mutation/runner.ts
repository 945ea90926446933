import fc from "fast-check";
import {
  describe,
  inject,
  type RunnerTestCase,
  type RunnerTestFile,
  type RunnerTestSuite,
  TestRunner,
  type TestRunnerConfig,
  vi,
} from "vitest";
import { type Entry, write } from "./journal.ts";
import { runOnce } from "./run-once.ts";
import { Switchboard } from "./switchboard.ts";
import type { MutationTask } from "./task.ts";
import { Watchdog } from "./watchdog.ts";

/** How many killed mutants are believed before their test is run once more without any, to see that they left nothing behind. */
const believed = 8;

/** A test's fake clock is on when the test begins, and off when it has ended. */
const now = performance.now.bind(performance);

/** Vitest's runner, which runs each test again for each mutant that it reaches, with that mutant on. */
export default class MutationRunner extends TestRunner {
  readonly #task: MutationTask;
  readonly #switchboard: Switchboard;
  readonly #watchdog: Watchdog;
  readonly #pending: Set<number>;
  readonly #imported = new Set<number>();
  readonly #mutantOfSuite = new Map<string, number>();

  constructor(config: TestRunnerConfig) {
    super(config);
    this.#task = inject("mutation");
    this.#switchboard = new Switchboard(this.#task.end);
    this.#watchdog = new Watchdog(this.#task.journal);
    this.#pending = new Set(this.#task.pending);
    // What fails needn't be made small.
    fc.configureGlobal({ endOnFailure: true });
  }

  override async importFile(path: string, source: "collect" | "setup"): Promise<unknown> {
    if (source === "setup") return super.importFile(path, source);
    const mutants = this.#task.imported;
    if (mutants === null) {
      this.#switchboard.watch();
      return super.importFile(path, source);
    }
    for (const id of mutants) this.#collect(path, id);
    return undefined;
  }

  /**
   * The tests of a file once more, as a suite of their own: all that they import is evaluated with the mutant on. It stays on while the suites inside
   * of this one are looked through, until the next mutant's turn.
   */
  #collect(path: string, id: number): void {
    const name = `mutant ${id}`;
    this.#mutantOfSuite.set(name, id);
    describe(name, async () => {
      this.#begin(id, 10_000, 100_000);
      try {
        vi.resetModules();
        await super.importFile(path, "collect");
      } catch (error) {
        this.#kill(id, `importing ${path}: ${textOf(error)}`);
      }
    });
  }

  /** What suites do while their tests are looked for is done once for all of these, as importing is. */
  onCollected(files: RunnerTestFile[]): void {
    this.#end();
    if (this.#task.imported !== null) return;
    for (const id of this.#switchboard.reached()) this.#imported.add(id);
    for (const file of files)
      this.#write({ what: "imported", file: file.filepath, ids: [...this.#imported] });
  }

  async runTask(test: RunnerTestCase): Promise<void> {
    if (this.#task.imported === null) await this.#runWithReached(test);
    else await this.#runWithImported(test);
  }

  override async onAfterRunFiles(files: RunnerTestFile[]): Promise<void> {
    super.onAfterRunFiles(files);
    for (const file of files) this.#write({ what: "finished", file: file.filepath });
  }

  override async onAfterRunSuite(suite: RunnerTestSuite): Promise<void> {
    const id = this.#mutantOfSuite.get(suite.name);
    if (id !== undefined) this.#write({ what: "outlived", id, file: suite.file.filepath });
  }

  async #runWithReached(test: RunnerTestCase): Promise<void> {
    const name = nameOf(test);
    if (this.#task.tested.includes(name)) return;
    this.#switchboard.watch();
    const startedAt = now();
    const failure = await runOnce(test);
    if (failure !== undefined) {
      this.#write({ what: "failed", test: name, error: textOf(failure.error) });
      return;
    }
    const ms = now() - startedAt;
    const { ticks } = this.#switchboard;
    const ids = this.#switchboard.reached();
    const file = test.file.filepath;
    this.#write({ what: "reached", file, test: name, ms, ids: [...ids] });
    if (ms > this.#task.slowestMs) return;
    const killed: number[] = [];
    for (const id of ids) {
      if (!this.#pending.has(id) || this.#imported.has(id)) continue;
      this.#begin(id, ms, ticks);
      const noticed = await runOnce(test);
      this.#end();
      if (noticed === undefined) continue;
      killed.push(id);
      this.#kill(id, name);
      if (killed.length >= believed) await this.#check(test, killed);
    }
    await this.#check(test, killed);
    this.#write({ what: "tested", file, test: name });
  }

  /** A test that fails without any mutant too says nothing about those that came before. */
  async #check(test: RunnerTestCase, killed: number[]): Promise<void> {
    const failure = killed.length > 0 ? await runOnce(test) : undefined;
    if (failure !== undefined) {
      this.#write({ what: "doubted", ids: killed });
      process.kill(process.pid, "SIGKILL");
    }
    killed.length = 0;
  }

  async #runWithImported(test: RunnerTestCase): Promise<void> {
    const id = this.#mutantOf(test);
    const name = nameOf(test).replace(/mutant \d+ > /, "");
    if (id === undefined || !this.#pending.has(id) || this.#task.tested.includes(name)) return;
    this.#begin(id, 1_000, 1_000_000);
    const noticed = await runOnce(test);
    this.#end();
    if (noticed !== undefined) this.#kill(id, name);
  }

  #mutantOf(test: RunnerTestCase): number | undefined {
    for (let suite = test.suite; suite !== undefined; suite = suite.suite) {
      const id = this.#mutantOfSuite.get(suite.name);
      if (id !== undefined) return id;
    }
    return undefined;
  }

  #begin(id: number, normalMs: number, normalTicks: number): void {
    this.#write({ what: "began", id });
    this.#watchdog.watch(id, normalMs * 10 + 2_000);
    this.#switchboard.turnOn(id, normalTicks);
  }

  #end(): void {
    this.#switchboard.turnOff();
    this.#watchdog.rest();
  }

  #kill(id: number, by: string): void {
    this.#pending.delete(id);
    this.#write({ what: "killed", id, by });
  }

  #write(entry: Entry): void {
    write(this.#task.journal, entry);
  }
}

function nameOf(test: RunnerTestCase): string {
  return `${test.file.name} > ${test.fullTestName}`;
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
