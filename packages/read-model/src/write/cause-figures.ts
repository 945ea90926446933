import type { DatabaseSync, StatementSync } from "node:sqlite";
import { numberOf, textOf } from "../rows.ts";
import { causeSpans, forgottenAfterMs } from "../trend.ts";
import { BoundedNames } from "./bounded-names.ts";

const mostCausesAnHour = 500;

interface Seen {
  first: number;
  last: number;
  n: number;
}

interface Counted {
  readonly fingerprint: string;
  readonly span: number;
  readonly at: number;
  n: number;
}

/** Since when each cause has stopped something, and how often lately. */
export class CauseFigures {
  readonly #seen = new Map<string, Seen>();
  readonly #counted = new Map<string, Counted>();
  readonly #names: BoundedNames;
  readonly #see: StatementSync;
  readonly #count: StatementSync;
  readonly #forget: StatementSync;
  readonly #forgetCause: StatementSync;
  readonly #now: () => number;
  /** What is older than is shown was removed up to the hour that begins then. */
  #forgottenAt = 0;

  constructor(db: DatabaseSync, now: () => number) {
    this.#now = now;
    const known = db.prepare("SELECT fingerprint FROM cause_figures WHERE span = 3600000 AND at = ?");
    this.#names = new BoundedNames(mostCausesAnHour, (at) =>
      known.all(at).map((row) => textOf(row, "fingerprint")),
    );
    this.#see = db.prepare(`
      INSERT INTO causes (fingerprint, first_seen, last_seen, n) VALUES (?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET first_seen = min(first_seen, excluded.first_seen), last_seen = max(last_seen, excluded.last_seen), n = n + excluded.n`);
    this.#count = db.prepare(`
      INSERT INTO cause_figures (fingerprint, span, at, n) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n`);
    this.#forget = db.prepare("DELETE FROM cause_figures WHERE span = ? AND at < ?");
    this.#forgetCause = db.prepare("DELETE FROM causes WHERE last_seen < ?");
    const latest = db.prepare("SELECT max(last_seen) AS at FROM causes").get();
    if (latest?.at != null) this.#forgottenAt = this.#hourUpTo(numberOf(latest, "at"));
  }

  /** Something has been stopped by it. */
  add(fingerprint: string, at: number): void {
    if (!this.#names.admit(fingerprint, at)) return;
    const seen = this.#seen.get(fingerprint);
    if (seen === undefined) this.#seen.set(fingerprint, { first: at, last: at, n: 1 });
    else {
      seen.first = Math.min(seen.first, at);
      seen.last = Math.max(seen.last, at);
      seen.n++;
    }
    for (const { span } of causeSpans) {
      const bucket = at - (at % span);
      const key = `${span} ${bucket} ${fingerprint}`;
      const counted = this.#counted.get(key);
      if (counted === undefined) this.#counted.set(key, { fingerprint, span, at: bucket, n: 1 });
      else counted.n++;
    }
  }

  /** Within a transaction. */
  write(): void {
    if (this.#seen.size === 0) return;
    let latest = 0;
    for (const [fingerprint, { first, last, n }] of this.#seen) {
      this.#see.run(fingerprint, first, last, n);
      latest = Math.max(latest, last);
    }
    for (const { fingerprint, span, at, n } of this.#counted.values())
      this.#count.run(fingerprint, span, at, n);
    this.#seen.clear();
    this.#counted.clear();
    this.#names.written();
    const hour = this.#hourUpTo(latest);
    if (hour <= this.#forgottenAt) return;
    this.#forgottenAt = hour;
    for (const { span, keptMs } of causeSpans) this.#forget.run(span, hour - keptMs);
    this.#forgetCause.run(hour - forgottenAfterMs);
  }

  /** An engine's clock may be ahead: nothing is old for the sake of one event that is not yet. */
  #hourUpTo(latest: number): number {
    const at = Math.min(latest, this.#now());
    return at - (at % 3_600_000);
  }
}
