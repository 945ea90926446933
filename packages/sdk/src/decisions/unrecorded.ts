import type { RunDecision } from "@downbeat/domain";

/** What the code has asked for and history does not hold yet, in its order. */
export class Unrecorded {
  #asked: RunDecision[] = [];
  /** So many of `#asked` are in history by now. */
  #recorded = 0;

  add(decision: RunDecision): void {
    this.#asked.push(decision);
  }

  get isEmpty(): boolean {
    return this.#recorded === this.#asked.length;
  }

  get first(): RunDecision | undefined {
    return this.#asked[this.#recorded];
  }

  /** The first is in history now. */
  recorded(): void {
    this.#recorded++;
    if (!this.isEmpty) return;
    this.#asked = [];
    this.#recorded = 0;
  }

  all(): RunDecision[] {
    return this.#asked.slice(this.#recorded);
  }

  keep(isKept: (decision: RunDecision) => boolean): void {
    this.#asked = this.all().filter(isKept);
    this.#recorded = 0;
  }
}
