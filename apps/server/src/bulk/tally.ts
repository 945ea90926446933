import { isOpenLetter, outcomeOfLetter } from "@downbeat/api";

interface Part {
  readonly from: number;
  readonly size: number;
}

/** What came of the targets so far. */
export class Tally {
  /** By the number of the part's first target, a letter each. */
  readonly #parts = new Map<number, string>();
  readonly #counts = new Map<string, number>();

  /** The last word on a part counts. */
  take(from: number, letters: string): void {
    this.#count(this.#parts.get(from) ?? "", -1);
    this.#parts.set(from, letters);
    this.#count(letters, 1);
  }

  /** Of which more may still come. */
  get open(): number {
    return this.#sum(isOpenLetter);
  }

  get settled(): number {
    return this.#sum((letter) => !isOpenLetter(letter));
  }

  get failed(): number {
    return this.#sum((letter) => ["failedAgain", "refused"].includes(outcomeOfLetter(letter)));
  }

  get openParts(): Part[] {
    return [...this.#parts]
      .filter(([, letters]) => [...letters].some(isOpenLetter))
      .map(([from, letters]) => ({ from, size: letters.length }));
  }

  /** How many came to what, by the outcome's name. */
  get labels(): Record<string, string> {
    return Object.fromEntries(
      [...this.#counts].map(([letter, count]) => [outcomeOfLetter(letter), String(count)]),
    );
  }

  #count(letters: string, by: 1 | -1): void {
    for (const letter of letters) this.#counts.set(letter, (this.#counts.get(letter) ?? 0) + by);
  }

  #sum(counts: (letter: string) => boolean): number {
    return [...this.#counts].reduce((sum, [letter, count]) => sum + (counts(letter) ? count : 0), 0);
  }
}
