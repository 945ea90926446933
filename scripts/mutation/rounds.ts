import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Entry, read } from "./journal.ts";
import type { MutationTask } from "./task.ts";
import type { Workers } from "./workers.ts";

/** Fast tests first: most mutants are killed by them, and slow ones need not run for these. */
const slowestMsOfRounds = [30, 300];
const importedAtOnce = 40;
/** What evaluating a file's modules again takes, ms, beside its tests. */
const importMs = 150;

interface KnownTest {
  readonly ms: number;
  readonly ids: readonly number[];
}

/** Runs test files for mutants until each is killed or has outlived every test that reaches it. */
export class Rounds {
  readonly #workers: Workers;
  readonly #end: number;
  readonly #journal = join(mkdtempSync(join(tmpdir(), "downbeat-mutation-")), "journal.jsonl");
  readonly #pending: Set<number>;
  readonly #reached = new Set<number>();
  readonly #imported = new Map<string, Set<number>>();
  readonly #tested = new Map<string, Set<string>>();
  /** What is known of each file's tests, by their names. */
  readonly #tests = new Map<string, Map<string, KnownTest>>();
  readonly #doneUpTo = new Map<string, number>();
  /** What they did stayed behind in a module: they are tried with all modules evaluated again. */
  readonly #doubted = new Set<number>();
  readonly #outlived = new Map<string, Set<number>>();
  readonly #atOnce = new Map<string, number>();
  readonly #finished = new Set<string>();
  /** Tests that take longer are left out. */
  readonly #longestMs: number;
  readonly #onProgress: (message: string) => void;
  #began: number | undefined;
  #read = 0;

  constructor(
    workers: Workers,
    end: number,
    pending: readonly number[],
    longestMs: number,
    onProgress: (message: string) => void,
  ) {
    this.#longestMs = longestMs;
    this.#workers = workers;
    this.#end = end;
    this.#pending = new Set(pending);
    this.#onProgress = onProgress;
  }

  get alive(): ReadonlySet<number> {
    return this.#pending;
  }

  get reached(): ReadonlySet<number> {
    return this.#reached;
  }

  async run(testFiles: readonly string[]): Promise<void> {
    try {
      await this.#runAll(testFiles);
    } finally {
      rmSync(dirname(this.#journal), { recursive: true, force: true });
    }
  }

  async #runAll(testFiles: readonly string[]): Promise<void> {
    for (const slowestMs of [...slowestMsOfRounds, this.#longestMs])
      for (const file of testFiles) {
        const doneUpTo = this.#doneUpTo.get(file);
        if (doneUpTo !== undefined && this.#testsOf(file).every(({ ms }) => ms <= doneUpTo)) continue;
        this.#onProgress(`tests of up to ${slowestMs} ms in ${file}`);
        await this.#untilFinished(file, { slowestMs, imported: null });
        this.#doneUpTo.set(file, slowestMs);
      }
    const quickFirst = testFiles.toSorted((a, b) => this.#lengthOf(a) - this.#lengthOf(b));
    for (const file of quickFirst) await this.#runImported(file);
  }

  /** How long it takes if nothing more is killed, ms; `undefined` until each file has been run once. */
  mostMsLeft(testFiles: readonly string[]): number | undefined {
    if (testFiles.some((file) => !this.#doneUpTo.has(file))) return undefined;
    let sum = 0;
    for (const file of testFiles) {
      const imported = this.#imported.get(file) ?? new Set<number>();
      for (const [name, { ms, ids }] of this.#tests.get(file) ?? []) {
        if (ms > this.#longestMs || this.#tested.get(file)?.has(name)) continue;
        sum += ms * ids.filter((id) => this.#pending.has(id) && !imported.has(id)).length;
      }
      const again = [...imported].filter((id) => this.#pending.has(id) && !this.#outlived.get(file)?.has(id));
      sum += again.length * (importMs + this.#lengthOf(file));
    }
    return sum;
  }

  #testsOf(file: string): readonly KnownTest[] {
    return [...(this.#tests.get(file)?.values() ?? [])];
  }

  /** How long the tests of a file take together, ms, without those that are left out. */
  #lengthOf(file: string): number {
    return this.#testsOf(file).reduce((sum, { ms }) => (ms > this.#longestMs ? sum : sum + ms), 0);
  }

  /** In portions, as each mutant leaves its own copy of what it imported in memory until its process ends. */
  async #runImported(file: string): Promise<void> {
    for (;;) {
      const outlived = this.#outlived.get(file);
      const reached = new Set(this.#testsOf(file).flatMap(({ ids }) => ids));
      const doubted = [...this.#doubted].filter((id) => reached.has(id));
      const left = [...new Set([...(this.#imported.get(file) ?? []), ...doubted])].filter(
        (id) => this.#pending.has(id) && outlived?.has(id) !== true,
      );
      if (left.length === 0) return;
      this.#onProgress(`${left.length} mutants of what ${file} imports`);
      await this.#untilFinished(file, {
        slowestMs: this.#longestMs,
        imported: left.slice(0, this.#atOnce.get(file) ?? importedAtOnce),
      });
    }
  }

  /** A mutant may end its worker; another goes on with the next. */
  async #untilFinished(file: string, how: Pick<MutationTask, "slowestMs" | "imported">): Promise<void> {
    for (let idle = 0; idle < 3; ) {
      this.#finished.delete(file);
      this.#began = undefined;
      const before = this.#read;
      const imported = how.imported?.filter((id) => this.#pending.has(id)) ?? null;
      if (imported?.length === 0) return;
      const errors = await this.#workers.run(file, {
        ...how,
        imported,
        journal: this.#journal,
        end: this.#end,
        pending: how.imported ?? [...this.#pending].filter((id) => !this.#doubted.has(id)),
        tested: how.imported === null ? [...(this.#tested.get(file) ?? [])] : this.#tooLong(file),
      });
      this.#readJournal();
      if (this.#finished.has(file)) {
        if (errors.length > 0 && imported !== null) return this.#divide(file, imported);
        for (const id of imported ?? []) addTo(this.#outlived, file, id);
        if (errors.length > 0)
          this.#onProgress(`the tests of ${file} could not be found: ${errors.join("; ")}`);
        return;
      }
      if (this.#began !== undefined) this.#pending.delete(this.#began);
      idle = this.#read === before ? idle + 1 : 0;
    }
    throw new Error(`The worker for ${file} ended three times without having done anything.`);
  }

  #tooLong(file: string): readonly string[] {
    return [...(this.#tests.get(file) ?? [])].flatMap(([test, { ms }]) =>
      ms > this.#longestMs ? [test] : [],
    );
  }

  /** With one of these mutants not even the tests can be found: which one, shows by looking at fewer. */
  #divide(file: string, imported: readonly number[]): void {
    const [only, other] = imported;
    if (only !== undefined && other === undefined) this.#pending.delete(only);
    this.#atOnce.set(file, Math.max(1, Math.floor(imported.length / 4)));
  }

  #readJournal(): void {
    const entries = read(this.#journal);
    for (const entry of entries.slice(this.#read)) this.#take(entry);
    this.#read = entries.length;
  }

  #take(entry: Entry): void {
    switch (entry.what) {
      case "imported":
        for (const id of entry.ids) addTo(this.#imported, shortOf(entry.file), id);
        for (const id of entry.ids) this.#reached.add(id);
        return;
      case "reached":
        for (const id of entry.ids) this.#reached.add(id);
        this.#know(shortOf(entry.file), entry.test, entry);
        return;
      case "began":
        this.#began = entry.id;
        return;
      case "killed":
        if (this.#began === entry.id) this.#began = undefined;
        this.#pending.delete(entry.id);
        return;
      case "tested":
        this.#began = undefined;
        addTo(this.#tested, shortOf(entry.file), entry.test);
        return;
      case "outlived":
        this.#began = undefined;
        addTo(this.#outlived, shortOf(entry.file), entry.id);
        return;
      case "doubted":
        this.#began = undefined;
        for (const id of entry.ids) {
          this.#pending.add(id);
          this.#doubted.add(id);
        }
        return;
      case "failed":
        this.#onProgress(`left out, as it fails without any mutant too: ${entry.test}\n${entry.error}`);
        return;
      case "finished":
        this.#finished.add(shortOf(entry.file));
        return;
    }
  }

  #know(file: string, test: string, { ms, ids }: KnownTest): void {
    const tests = this.#tests.get(file) ?? new Map<string, KnownTest>();
    this.#tests.set(file, tests.set(test, { ms, ids }));
  }
}

function shortOf(path: string): string {
  return path.slice(path.lastIndexOf("/packages/") + 1);
}

function addTo<Item>(map: Map<string, Set<Item>>, key: string, item: Item): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, new Set([item]));
  else known.add(item);
}
