import type { DatabaseSync, StatementSync } from "node:sqlite";
import { keptAmounts } from "../derive/amounts.ts";
import type { Step } from "../fold/run-fold.ts";

/** Keeps the numbers in what runs are given and give, to be summed up by whoever asks. */
export class RunNumberRows {
  readonly #put: StatementSync;

  constructor(db: DatabaseSync) {
    this.#put = db.prepare(`
      INSERT INTO run_numbers (run, given, gave) VALUES (?, ?, ?)
      ON CONFLICT DO UPDATE SET given = coalesce(excluded.given, given), gave = coalesce(excluded.gave, gave)`);
  }

  /** @param news what happened in the run since the last time */
  write(id: number, news: readonly Step[]): void {
    let given: string | undefined;
    let gave: string | undefined;
    for (const { events } of news) {
      for (const event of events) {
        if (event.type === "RunStarted") given = keptAmounts("run", event.input);
        if (event.type === "RunCompleted") gave = keptAmounts("output", event.output);
      }
    }
    if (given !== undefined || gave !== undefined) this.#put.run(id, given ?? null, gave ?? null);
  }
}
