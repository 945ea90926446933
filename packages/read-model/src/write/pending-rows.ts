import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { RemovedRow } from "./run-removal.ts";

/** What the next flush writes besides runs and figures. */
export class PendingRows {
  records = 0;
  events = 0;
  /** Something was backfilled of the time before the beginning. */
  earlier = false;
  readonly ignored: { readonly partition: number; readonly position: string; readonly recordId: string }[] =
    [];
  readonly refused: {
    readonly runId: string;
    readonly inputId: string;
    readonly at: number;
    readonly json: string;
  }[] = [];
  readonly actions: {
    readonly runId: string;
    readonly actionId: string;
    readonly at: number;
    readonly json: string;
  }[] = [];
  readonly quarantined: { readonly position: string; readonly at: number; readonly json: string }[] = [];
  /** Runs that have got their heads. */
  readonly adopted: string[] = [];
  readonly filledDays: number[] = [];
  /** By retention, says the log. */
  readonly removed: RemovedRow[] = [];
  /** Ids that another run has now. */
  readonly replaced: string[] = [];
}

/** Writes them, within the flush's transaction. */
export class PendingWriter {
  readonly #ignored: StatementSync;
  readonly #refused: StatementSync;
  readonly #action: StatementSync;
  readonly #quarantined: StatementSync;
  readonly #filledDay: StatementSync;

  constructor(db: DatabaseSync) {
    this.#ignored = db.prepare(
      "INSERT OR REPLACE INTO ignored_records (partition, position, record_id) VALUES (?, ?, ?)",
    );
    this.#refused = db.prepare(
      "INSERT OR REPLACE INTO refusals (run_id, input_id, at, json) VALUES (?, ?, ?, ?)",
    );
    // Of the same action taken and refused, what came first counts.
    this.#action = db.prepare(
      "INSERT OR IGNORE INTO actions (run_id, action_id, at, json) VALUES (?, ?, ?, ?)",
    );
    this.#quarantined = db.prepare("INSERT OR REPLACE INTO quarantine (position, at, json) VALUES (?, ?, ?)");
    this.#filledDay = db.prepare("INSERT OR IGNORE INTO filled_days (day) VALUES (?)");
  }

  write({ ignored, refused, actions, quarantined, filledDays }: PendingRows): void {
    for (const { partition, position, recordId } of ignored) this.#ignored.run(partition, position, recordId);
    for (const { runId, inputId, at, json } of refused) this.#refused.run(runId, inputId, at, json);
    for (const { runId, actionId, at, json } of actions) this.#action.run(runId, actionId, at, json);
    for (const { position, at, json } of quarantined) this.#quarantined.run(position, at, json);
    for (const day of filledDays) this.#filledDay.run(day);
  }
}
