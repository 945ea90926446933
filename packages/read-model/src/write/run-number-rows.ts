import type { DatabaseSync, StatementSync } from "node:sqlite";
import { cutGave, cutGiven, type KeptAmounts, keptAmounts } from "../derive/amounts.ts";
import type { Step } from "../fold/run-fold.ts";

/** Keeps the numbers in what runs are given and give, to be summed up by whoever asks. */
export class RunNumberRows {
  readonly #put: StatementSync;

  constructor(db: DatabaseSync) {
    this.#put = db.prepare(`
      INSERT INTO run_numbers (run, given, gave, cut) VALUES (?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET given = coalesce(excluded.given, given), gave = coalesce(excluded.gave, gave), cut = cut | excluded.cut`);
  }

  /** @param news what happened in the run since the last time */
  write(id: number, news: readonly Step[]): void {
    let given: KeptAmounts | undefined;
    let gave: KeptAmounts | undefined;
    for (const { events } of news) {
      for (const event of events) {
        if (event.type === "RunStarted") given = keptAmounts("run", event.input);
        if (event.type === "RunCompleted") gave = keptAmounts("output", event.output);
      }
    }
    const cut = (given?.isCut ? cutGiven : 0) | (gave?.isCut ? cutGave : 0);
    const [ofGiven, ofGave] = [given?.json ?? null, gave?.json ?? null];
    if (ofGiven !== null || ofGave !== null || cut > 0) this.#put.run(id, ofGiven, ofGave, cut);
  }
}
