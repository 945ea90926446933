import { exactText } from "@downbeat/domain";
import type { ExtremeRun } from "../views.ts";
import { isLess, type LookedAt } from "./measured-runs.ts";

/** The runs with the longest durations, or the largest numbers. */
export class ExtremeRuns {
  readonly #most: number;
  readonly #by: "duration" | "number";
  /** The largest first. */
  readonly #runs: LookedAt[] = [];

  constructor(most: number, by: "duration" | "number") {
    this.#most = most;
    this.#by = by;
  }

  add(run: LookedAt): void {
    if (this.#by === "duration" ? run.endedAt === undefined : run.number === undefined) return;
    const last = this.#runs.at(-1);
    if (this.#runs.length === this.#most && last !== undefined && !this.#isLarger(run, last)) return;
    const place = this.#runs.findIndex((other) => this.#isLarger(run, other));
    this.#runs.splice(place === -1 ? this.#runs.length : place, 0, run);
    if (this.#runs.length > this.#most) this.#runs.pop();
  }

  get view(): readonly ExtremeRun[] {
    return this.#runs.map(({ runId, workflow, startedAt, endedAt, number }) => ({
      runId,
      workflow,
      startedAt,
      ...(endedAt !== undefined && { durationMs: endedAt - startedAt }),
      ...(number !== undefined && { number: exactText(number) }),
    }));
  }

  #isLarger(one: LookedAt, other: LookedAt): boolean {
    if (this.#by === "duration")
      return (one.endedAt ?? 0) - one.startedAt > (other.endedAt ?? 0) - other.startedAt;
    if (one.number === undefined || other.number === undefined) return false;
    return isLess(other.number, one.number);
  }
}
