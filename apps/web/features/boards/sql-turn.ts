let last: Promise<unknown> = Promise.resolve();

/** One statement after the other: a server runs one at a time for each person. */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = last.then(work);
  last = mine.catch(() => {});
  return mine;
}
