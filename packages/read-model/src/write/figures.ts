import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Failure } from "@downbeat/domain";
import type { CountedElsewhere } from "../follow/backfill-part.ts";
import { LatencySketch } from "../latency-sketch.ts";
import { bytesOf, numberOf } from "../rows.ts";
import { BoundedNames } from "./bounded-names.ts";
import { CauseFigures } from "./cause-figures.ts";

/** Lengths of the roll-ups: a minute, an hour, a day. All are kept forever, also when the events that they were made of leave. */
export const spans = [60_000, 3_600_000, 86_400_000] as const;

const runFigureNames = ["started", "completed", "failed", "cancelled"] as const;
export type RunFigure = (typeof runFigureNames)[number];
const jobFigureNames = ["completed", "failed_attempts", "rejected", "stuck"] as const;
export type JobFigure = (typeof jobFigureNames)[number];

interface Bucket {
  readonly span: number;
  readonly keys: readonly string[];
  readonly at: number;
  readonly counts: Record<string, number>;
  readonly durations: LatencySketch;
  changed: boolean;
}

const mostErrorsAnHour = 500;
const otherErrors = "(other)";

/** Counts and durations by time. Kept in memory while they change, written with everything else in the flush. */
export class Figures {
  readonly #runs: Table;
  readonly #jobs: Table;
  readonly #errors = new Map<string, { readonly values: (string | number)[]; n: number }>();
  readonly #errorNames: BoundedNames;
  readonly #causes: CauseFigures;
  readonly #addError: StatementSync;

  constructor(db: DatabaseSync, now: () => number) {
    const names = db.prepare(
      "SELECT DISTINCT name FROM error_figures WHERE span = 3600000 AND workflow = '' AND at = ?",
    );
    this.#errorNames = new BoundedNames(mostErrorsAnHour, (at) =>
      names.all(at).map((row) => String(row.name)),
    );
    this.#causes = new CauseFigures(db, now);
    this.#runs = new Table(db, "run_figures", ["workflow"], runFigureNames);
    this.#jobs = new Table(db, "job_figures", ["workflow", "job_type"], jobFigureNames);
    this.#addError = db.prepare(`
      INSERT INTO error_figures (span, workflow, job_type, at, name, kind, n) VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET n = n + excluded.n`);
  }

  run(figure: RunFigure, workflow: string, at: number, durationMs?: number): void {
    this.#runs.add([workflow], figure, at, durationMs);
    this.#runs.add([""], figure, at, durationMs);
  }

  job(figure: JobFigure, workflow: string, jobType: string, at: number, durationMs?: number): void {
    this.#jobs.add([workflow, jobType], figure, at, durationMs);
    this.#jobs.add(["", jobType], figure, at, durationMs);
  }

  /** @returns by which name it is counted */
  error(
    workflow: string,
    jobType: string,
    at: number,
    failure: Pick<Failure, "name" | "kind">,
    count = 1,
  ): string {
    const name = this.#errorNames.admit(failure.name, at) ? failure.name : otherErrors;
    for (const span of spans) {
      for (const group of [workflow, ""]) {
        const values = [span, group, jobType, at - (at % span), name, failure.kind];
        const key = values.join("\n");
        const known = this.#errors.get(key);
        if (known === undefined) this.#errors.set(key, { values, n: count });
        else known.n += count;
      }
    }
    return name;
  }

  /** Something has been stopped by this cause. */
  stopped(fingerprint: string, at: number): void {
    this.#causes.add(fingerprint, at);
  }

  /** Figures that were counted elsewhere, of other events. */
  add({ runs, jobs, errors }: CountedElsewhere): void {
    for (const { workflow, at, durations, ...counts } of runs) {
      for (const group of [workflow, ""]) this.#runs.merge([group], at, counts, durations);
    }
    for (const { workflow, jobType, at, durations, failedAttempts, ...others } of jobs) {
      const counts = { ...others, failed_attempts: failedAttempts };
      for (const group of [workflow, ""]) this.#jobs.merge([group, jobType], at, counts, durations);
    }
    for (const { workflow, jobType, at, count, ...failure } of errors)
      this.error(workflow, jobType, at, failure, count);
  }

  write(): void {
    this.#runs.write();
    this.#jobs.write();
    for (const { values, n } of this.#errors.values()) this.#addError.run(...values, n);
    this.#errors.clear();
    this.#errorNames.written();
    this.#causes.write();
  }
}

const mostGroups = 2_000;

/** A workflow, or a job type in one: its bucket of each span that is counted in at present. */
interface Group {
  readonly keys: readonly string[];
  readonly buckets: (Bucket | undefined)[];
}

class Table {
  readonly #names: readonly string[];
  readonly #groups = new Map<string, Group>();
  #changed: Bucket[] = [];
  readonly #load: StatementSync;
  readonly #store: StatementSync;
  /** Of each span, the latest bucket there has been: later ones need not be looked for. */
  readonly #latest = new Map<number, number>();

  constructor(db: DatabaseSync, table: string, group: readonly string[], names: readonly string[]) {
    this.#names = names;
    const keys = ["span", ...group, "at"];
    const columns = [...keys, ...names, "durations"];
    this.#load = db.prepare(
      `SELECT ${names.join(", ")}, durations FROM ${table} WHERE ${keys.map((key) => `${key} = ?`).join(" AND ")}`,
    );
    for (const row of db.prepare(`SELECT span, max(at) AS at FROM ${table} GROUP BY span`).all()) {
      this.#latest.set(numberOf(row, "span"), numberOf(row, "at"));
    }
    this.#store = db.prepare(
      `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})
       ON CONFLICT DO UPDATE SET ${[...names, "durations"].map((name) => `${name} = excluded.${name}`).join(", ")}`,
    );
  }

  add(keys: readonly string[], name: string, time: number, durationMs: number | undefined): void {
    const group = this.#group(keys);
    for (let index = 0; index < spans.length; index++) {
      const bucket = this.#toChange(group, index, time);
      bucket.counts[name] = (bucket.counts[name] ?? 0) + 1;
      if (durationMs !== undefined) bucket.durations.add(durationMs);
    }
  }

  merge(
    keys: readonly string[],
    time: number,
    counts: Readonly<Record<string, number>>,
    durations: Uint8Array,
  ): void {
    const group = this.#group(keys);
    for (let index = 0; index < spans.length; index++) {
      const bucket = this.#toChange(group, index, time);
      for (const name of this.#names) bucket.counts[name] = (bucket.counts[name] ?? 0) + (counts[name] ?? 0);
      bucket.durations.mergeEncoded(durations);
    }
  }

  #toChange(group: Group, index: number, time: number): Bucket {
    const span = spans[index] ?? 0;
    const at = time - (time % span);
    let bucket = group.buckets[index];
    if (bucket?.at !== at) {
      bucket = this.#bucket(span, group.keys, at);
      group.buckets[index] = bucket;
    }
    if (!bucket.changed) {
      bucket.changed = true;
      this.#changed.push(bucket);
    }
    return bucket;
  }

  write(): void {
    for (const bucket of this.#changed) {
      const counts = this.#names.map((name) => bucket.counts[name] ?? 0);
      this.#store.run(bucket.span, ...bucket.keys, bucket.at, ...counts, bucket.durations.encode());
      bucket.changed = false;
    }
    this.#changed = [];
    if (this.#groups.size > mostGroups) this.#groups.clear();
  }

  #group(keys: readonly string[]): Group {
    const [workflow = "", jobType] = keys;
    const key = jobType === undefined ? workflow : `${workflow}/${jobType}`;
    let group = this.#groups.get(key);
    if (group === undefined) this.#groups.set(key, (group = { keys, buckets: [] }));
    return group;
  }

  /** Another one than is counted in at present: a new one, or at a change of partition an older one. */
  #bucket(span: number, keys: readonly string[], at: number): Bucket {
    const unwritten = this.#changed.find(
      (bucket) => bucket.span === span && bucket.at === at && sameKeys(bucket.keys, keys),
    );
    if (unwritten !== undefined) return unwritten;
    const counts: Record<string, number> = {};
    for (const name of this.#names) counts[name] = 0;
    const latest = this.#latest.get(span) ?? -1;
    if (at > latest) this.#latest.set(span, at);
    const row = at > latest ? undefined : this.#load.get(span, ...keys, at);
    if (row === undefined) return { span, keys, at, counts, durations: new LatencySketch(), changed: false };
    for (const name of this.#names) counts[name] = numberOf(row, name);
    return {
      span,
      keys,
      at,
      counts,
      durations: LatencySketch.decode(bytesOf(row, "durations")),
      changed: false,
    };
  }
}

function sameKeys(a: readonly string[], b: readonly string[]): boolean {
  return a.every((key, index) => key === b[index]);
}
