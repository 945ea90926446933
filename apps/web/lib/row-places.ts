/** Where the rows of a list are: each as high as most are, but for those that were found to be otherwise. */
export class RowPlaces {
  readonly count: number;
  readonly #height: number;
  /** Of rows that are otherwise, in their order: index, and what they and those before them add. */
  readonly #others: readonly { readonly index: number; readonly sum: number }[];

  /** @param more px that a row, by its index, is higher than `height` */
  constructor(count: number, height: number, more: ReadonlyMap<number, number> = new Map()) {
    this.count = count;
    this.#height = height;
    let sum = 0;
    this.#others = [...more]
      .filter(([index]) => index < count)
      .sort(([one], [other]) => one - other)
      .map(([index, px]) => {
        sum += px;
        return { index, sum };
      });
  }

  get total(): number {
    return this.start(this.count);
  }

  /** Px from the first row's top; of the row after the last one: where the list ends. */
  start(index: number): number {
    const before = firstWhere(this.#others.length, (at) => (this.#others[at]?.index ?? index) >= index) - 1;
    return index * this.#height + (this.#others[before]?.sum ?? 0);
  }

  /** The row that is at `px`, or the nearest one; -1 where there is none. */
  at(px: number): number {
    const after = firstWhere(this.count, (index) => this.start(index) > px);
    return Math.min(this.count - 1, Math.max(0, after - 1));
  }
}

/** The first of so many for which it holds, as it does for all after that one; `count`: for none. */
function firstWhere(count: number, holds: (at: number) => boolean): number {
  let [from, to] = [0, count];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (holds(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}
