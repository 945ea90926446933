import type { DatabaseSync } from "node:sqlite";
import { dayOf } from "../day.ts";
import type { BackfillPart } from "../follow/backfill-part.ts";
import { numberOf } from "../rows.ts";
import type { Figures } from "./figures.ts";

/** Days before the beginning of the cache whose figures are counted in. */
export class FilledDays {
  readonly #days: Set<number>;

  constructor(db: DatabaseSync) {
    const rows = db.prepare("SELECT day FROM filled_days").all();
    this.#days = new Set(rows.map((row) => numberOf(row, "day")));
  }

  /** Each day counts once. @returns those that were not counted in yet */
  fill(figures: Figures, part: Extract<BackfillPart, { type: "figures" }>): number[] {
    const days = new Set(part.days.filter((day) => !this.#days.has(day)));
    const isNew = ({ at }: { readonly at: number }): boolean => days.has(dayOf(at));
    const { runs, jobs, errors } = part.figures;
    figures.add({ runs: runs.filter(isNew), jobs: jobs.filter(isNew), errors: errors.filter(isNew) });
    for (const day of days) this.#days.add(day);
    return [...days];
  }
}
