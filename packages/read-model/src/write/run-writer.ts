import type { DatabaseSync, StatementSync } from "node:sqlite";
import { foldedLabel, measureOf } from "@downbeat/domain";
import { damageFingerprint, fingerprint } from "../derive/fingerprint.ts";
import { brief, detailsOf } from "../derive/run-details.ts";
import { isOpen, shownStatus, shownStatuses } from "../derive/shown-status.ts";
import { damageError } from "../derive/wait.ts";
import { statusSince } from "../fold/job-row.ts";
import { dropFinishedRows } from "../fold/run-fold.ts";
import { termsOf } from "../terms.ts";
import type { TimelineRow } from "../views.ts";
import type { Entry } from "./entry.ts";
import type { OwedRows } from "./owed-rows.ts";
import { RunNumberRows } from "./run-number-rows.ts";

/** Brings the tables of single runs up to their folds, writing only what differs. */
export class RunWriter {
  readonly #owed: OwedRows;
  readonly #numbers: RunNumberRows;
  readonly #insertRun: StatementSync;
  readonly #updateRun: StatementSync;
  readonly #details: StatementSync;
  readonly #published: StatementSync;
  readonly #step: StatementSync;
  readonly #addLabel: StatementSync;
  readonly #removeLabel: StatementSync;
  readonly #addTerm: StatementSync;
  readonly #removeTerm: StatementSync;
  readonly #openRow: StatementSync;
  readonly #closeRow: StatementSync;
  readonly #action: StatementSync;
  readonly #counter: StatementSync;
  readonly #counted = new Map<string, { readonly workflow: string; readonly shown: number; n: number }>();

  constructor(db: DatabaseSync, owed: OwedRows) {
    this.#owed = owed;
    this.#numbers = new RunNumberRows(db);
    this.#insertRun = db.prepare(`
      INSERT INTO runs (id, run_id, partition, workflow, shown, started_at, ended_at, updated_at, seq)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#updateRun = db.prepare(
      "UPDATE runs SET shown = ?, ended_at = ?, updated_at = ?, seq = ? WHERE id = ?",
    );
    this.#details = db.prepare(
      "INSERT OR REPLACE INTO run_details (id, terms, json, first_published, last_published) VALUES (?, ?, ?, ?, ?)",
    );
    this.#published = db.prepare(
      "UPDATE run_details SET first_published = ?, last_published = ? WHERE id = ?",
    );
    this.#step = db.prepare("INSERT INTO steps (run, seq, json) VALUES (?, ?, ?)");
    this.#addLabel = db.prepare(
      "INSERT OR REPLACE INTO labels (key, folded, run, value, kind, measure) VALUES (?, ?, ?, ?, ?, ?)",
    );
    this.#removeLabel = db.prepare("DELETE FROM labels WHERE key = ? AND folded = ? AND run = ?");
    this.#addTerm = db.prepare("INSERT OR IGNORE INTO terms (term, run) VALUES (?, ?)");
    this.#removeTerm = db.prepare("DELETE FROM terms WHERE term = ? AND run = ?");
    this.#openRow = db.prepare(`
      INSERT OR REPLACE INTO open_rows
        (run, row_id, workflow, kind, name, status, since, due_at, attempt, max_attempts, failure, fingerprint, build)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#closeRow = db.prepare("DELETE FROM open_rows WHERE run = ? AND row_id = ?");
    this.#action = db.prepare(
      "INSERT OR REPLACE INTO actions (run_id, action_id, at, json) VALUES (?, ?, ?, ?)",
    );
    this.#counter = db.prepare(`
      INSERT INTO counters (workflow, shown, n) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n`);
  }

  write(entry: Entry): void {
    const { id, fold, written } = entry;
    const shown = shownStatuses.indexOf(shownStatus(fold));
    const endedAt = fold.endedAt ?? null;
    if (written === undefined) {
      const { runId, partition, workflow, startedAt, updatedAt, seq } = fold;
      this.#insertRun.run(id, runId, partition, workflow, shown, startedAt, endedAt, updatedAt, seq);
    } else {
      this.#updateRun.run(shown, endedAt, fold.updatedAt, fold.seq, id);
    }
    const found = this.#writeLabels(entry);
    const { first: firstPublished, last: lastPublished } = entry.published ?? { first: 0, last: 0 };
    if (entry.retired) this.#published.run(firstPublished, lastPublished, id);
    else {
      const details = JSON.stringify(detailsOf(fold));
      this.#details.run(id, joined(found.terms), details, firstPublished, lastPublished);
    }
    const [first] = entry.steps;
    const news = entry.steps;
    if (first !== undefined) this.#step.run(id, first.seq, JSON.stringify(news));
    entry.steps = [];
    this.#numbers.write(id, news);
    const rows = this.#writeOpenRows(entry);
    // Of a retired run the fold does not know what it owes, and it can't change.
    const owed = entry.retired && written !== undefined ? written.owed : this.#owed.write(entry, news);
    this.#writeActions(entry);
    if (written?.shown !== shown) {
      if (written !== undefined) this.#count(written.workflow, written.shown, -1);
      this.#count(fold.workflow, shown, 1);
    }
    dropFinishedRows(fold);
    const { workflow } = fold;
    const { labels, terms } = found;
    entry.written = { shown, workflow, labels, terms, rows, owed, actions: new Map(fold.actions) };
  }

  /** After all runs of a flush. */
  writeCounters(): void {
    for (const { workflow, shown, n } of this.#counted.values()) {
      if (n !== 0) this.#counter.run(workflow, shown, n);
    }
    this.#counted.clear();
  }

  #count(workflow: string, shown: number, change: number): void {
    const key = `${shown}/${workflow}`;
    const counted = this.#counted.get(key);
    if (counted === undefined) this.#counted.set(key, { workflow, shown, n: change });
    else counted.n += change;
  }

  #writeLabels({ id, fold, written }: Entry): Terms {
    if (written?.labels === fold.labels) return written;
    const before = written?.labels ?? {};
    for (const [key, value] of Object.entries(before)) {
      if (fold.labels[key] !== value) this.#removeLabel.run(key, foldedLabel(value), id);
    }
    for (const [key, value] of Object.entries(fold.labels)) {
      if (before[key] === value) continue;
      const { kind = null, size = null } = measureOf(value) ?? {};
      this.#addLabel.run(key, foldedLabel(value), id, value, kind, size);
    }
    const termsBefore = written?.terms ?? [];
    const terms = termsOf(fold.runId, fold.labels);
    for (const term of terms) if (!termsBefore.includes(term)) this.#addTerm.run(term, id);
    for (const term of termsBefore) if (!terms.includes(term)) this.#removeTerm.run(term, id);
    return { labels: fold.labels, terms };
  }

  #writeOpenRows({ id, fold, written }: Entry): Map<string, TimelineRow | undefined> {
    const open = new Map<string, TimelineRow | undefined>();
    if (fold.damaged?.isNewer === false) {
      const failure = { kind: "code", ...damageError(fold.damaged) } as const;
      this.#writeRunRow(id, fold, "history", { failure, since: fold.damaged.since });
      open.set("", undefined);
    } else if (fold.status === "running") {
      for (const [rowId, row] of fold.rows) {
        if (!isOpen(row)) continue;
        open.set(rowId, row);
        if (written?.rows.get(rowId) !== row) this.#writeOpenRow(id, fold, row);
      }
      if (fold.stuck !== undefined) {
        open.set("", undefined);
        this.#writeRunRow(id, fold, "code", fold.stuck);
      } else if (fold.awaitedAnswer !== undefined) {
        open.set("", undefined);
        const { since } = fold.awaitedAnswer;
        const [kind, name] = ["answer", fold.workflow];
        this.#openRow.run(
          id,
          "",
          fold.workflow,
          kind,
          name,
          "awaited",
          since,
          null,
          0,
          0,
          null,
          null,
          fold.build ?? null,
        );
      }
    }
    for (const rowId of written?.rows.keys() ?? []) if (!open.has(rowId)) this.#closeRow.run(id, rowId);
    return open;
  }

  /** What stops the run as a whole. */
  #writeRunRow(
    id: number,
    { workflow, build }: Entry["fold"],
    kind: "code" | "history",
    { failure, since }: NonNullable<Entry["fold"]["stuck"]>,
  ): void {
    const json = JSON.stringify(brief(failure));
    const print = kind === "history" ? damageFingerprint(failure) : fingerprint(undefined, failure);
    this.#openRow.run(id, "", workflow, kind, "", "stuck", since, null, 0, 0, json, print, build ?? null);
  }

  #writeOpenRow(id: number, { workflow, build }: Entry["fold"], row: TimelineRow): void {
    const { rowId } = row;
    switch (row.kind) {
      case "timer":
        this.#openRow.run(
          id,
          rowId,
          workflow,
          "timer",
          "",
          "waiting",
          row.from,
          row.dueAt,
          0,
          0,
          null,
          null,
          build ?? null,
        );
        return;
      case "signal": {
        const { name, status, from, dueAt = null } = row;
        this.#openRow.run(
          id,
          rowId,
          workflow,
          "signal",
          name,
          status,
          from,
          dueAt,
          0,
          0,
          null,
          null,
          build ?? null,
        );
        return;
      }
      case "job": {
        const failure =
          row.failure ?? row.attempts.findLast((attempt) => attempt.failure !== undefined)?.failure;
        const stuck = row.status === "stuck" && failure !== undefined;
        this.#openRow.run(
          id,
          rowId,
          workflow,
          "job",
          row.jobType,
          row.status,
          statusSince(row),
          row.retryAt ?? row.dueAt ?? null,
          row.attempts.at(-1)?.attempt ?? 0,
          row.maxAttempts,
          failure === undefined ? null : JSON.stringify(brief(failure)),
          stuck ? fingerprint(row.jobType, failure) : null,
          build ?? null,
        );
        return;
      }
    }
  }

  #writeActions({ fold, written }: Entry): void {
    for (const [actionId, action] of fold.actions) {
      if (written?.actions.get(actionId) === action) continue;
      // A start is the run itself, and there are as many as runs.
      if (action.verb === "startRun" && action.outcome.type === "accepted") continue;
      this.#action.run(fold.runId, actionId, action.at, JSON.stringify(action));
    }
  }
}

type Terms = Pick<NonNullable<Entry["written"]>, "labels" | "terms">;

function joined(terms: readonly string[]): string {
  return terms.map((term) => `\n${term}`).join("");
}
