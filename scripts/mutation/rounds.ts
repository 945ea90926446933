import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Entry, read } from "./journal.ts";
import type { MutationTask } from "./task.ts";
import type { Workers } from "./workers.ts";

/** Fast tests first: most mutants are killed by them, and slow ones need not run for these. */
const slowestMsOfRounds = [30, 300];
const importedAtOnce = 40;

/** Runs test files for mutants until each is killed or has outlived every test that reaches it. */
export class Rounds {
  readonly #workers: Workers;
  readonly #end: number;
  readonly #journal = join(mkdtempSync(join(tmpdir(), "downbeat-mutation-")), "journal.jsonl");
  readonly #pending: Set<number>;
  readonly #reached = new Set<number>();
  readonly #imported = new Map<string, Set<number>>();
  readonly #tooLong = new Map<string, Set<string>>();
  readonly #tested = new Map<string, Set<string>>();
  readonly #slowest = new Map<string, number>();
  /** How long all tests of a file took together, ms; more where it was run more often. */
  readonly #lengths = new Map<string, number>();
  readonly #doneUpTo = new Map<string, number>();
  readonly #reachedBy = new Map<string, Set<number>>();
  /** What they did stayed behind in a module: they are tried with all modules evaluated anew. */
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
    for (const slowestMs of [...slowestMsOfRounds, this.#longestMs])
      for (const file of testFiles) {
        const lastSlowest = this.#slowest.get(file);
        if (lastSlowest !== undefined && lastSlowest <= (this.#doneUpTo.get(file) ?? 0)) continue;
        this.#onProgress(`tests of up to ${slowestMs} ms in ${file}`);
        await this.#untilFinished(file, { slowestMs, imported: null });
        this.#doneUpTo.set(file, slowestMs);
      }
    const lengths = new Map(testFiles.map((file) => [file, this.#lengths.get(file) ?? 0]));
    const quickFirst = testFiles.toSorted((a, b) => (lengths.get(a) ?? 0) - (lengths.get(b) ?? 0));
    for (const file of quickFirst) await this.#runImported(file);
  }

  /** In portions, as each mutant leaves its own copy of what it imported in memory until its process ends. */
  async #runImported(file: string): Promise<void> {
    for (;;) {
      const outlived = this.#outlived.get(file);
      const doubted = [...this.#doubted].filter((id) => this.#reachedBy.get(file)?.has(id));
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
        tested:
          how.imported === null ? [...(this.#tested.get(file) ?? [])] : [...(this.#tooLong.get(file) ?? [])],
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
        if (entry.ms > this.#longestMs) addTo(this.#tooLong, shortOf(entry.file), entry.test);
        for (const id of entry.ids) this.#reached.add(id);
        for (const id of entry.ids) addTo(this.#reachedBy, shortOf(entry.file), id);
        this.#lengths.set(shortOf(entry.file), entry.ms + (this.#lengths.get(shortOf(entry.file)) ?? 0));
        this.#slowest.set(
          shortOf(entry.file),
          Math.max(entry.ms, this.#slowest.get(shortOf(entry.file)) ?? 0),
        );
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
}

function shortOf(path: string): string {
  return path.slice(path.lastIndexOf("/packages/") + 1);
}

function addTo<Item>(map: Map<string, Set<Item>>, key: string, item: Item): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, new Set([item]));
  else known.add(item);
}
