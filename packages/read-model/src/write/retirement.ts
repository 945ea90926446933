import type { DatabaseSync, StatementSync } from "node:sqlite";
import { shownStatuses } from "../derive/shown-status.ts";
import { numberOf } from "../rows.ts";
import { firstNumber } from "../run-number.ts";
import { OutcomeRetirement } from "./job-outcomes.ts";

/** Runs looked at in one transaction: some milliseconds, so that what is new does not wait. */
const runsAtOnce = 200;
const ended = shownStatuses.flatMap((status, shown) =>
  status === "running" || status === "waiting" || status === "stuck" ? [] : [shown],
);

/**
 * Lets the steps of runs leave that ended before the hot window, and with them the rows of what came of jobs before it. Their summaries, labels, terms and figures stay. Looks through the runs that have steps
 * in the order of their starts, some at a time; what is still open is passed over, and looked at again the next time round.
 */
export class Retirement {
  readonly #db: DatabaseSync;
  readonly #withSteps: StatementSync;
  readonly #isDue: StatementSync;
  readonly #remove: StatementSync;
  readonly #outcomes: OutcomeRetirement;
  #after = -1;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#outcomes = new OutcomeRetirement(db);
    this.#withSteps = db.prepare(
      "SELECT DISTINCT run FROM steps WHERE run > ? AND run < ? ORDER BY run LIMIT ?",
    );
    this.#isDue = db.prepare(
      `SELECT 1 FROM runs WHERE id = ? AND ended_at < ? AND shown IN (${ended.join(", ")})`,
    );
    this.#remove = db.prepare("DELETE FROM steps WHERE run = ?");
  }

  /**
   * One slice.
   *
   * @param endedBefore ms since the epoch
   * @returns whether this round has more of them
   */
  next(endedBefore: number): boolean {
    const moreOutcomes = this.#outcomes.next(endedBefore);
    const rows = this.#withSteps.all(this.#after, firstNumber(endedBefore), runsAtOnce);
    const due = rows
      .map((row) => numberOf(row, "run"))
      .filter((run) => this.#isDue.get(run, endedBefore) !== undefined);
    if (due.length > 0) {
      this.#db.exec("BEGIN IMMEDIATE");
      for (const run of due) this.#remove.run(run);
      this.#db.exec("COMMIT");
    }
    const last = rows.at(-1);
    const more = rows.length === runsAtOnce && last !== undefined;
    this.#after = more ? numberOf(last, "run") : -1;
    return more || moreOutcomes;
  }
}
