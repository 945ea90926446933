let last: Promise<void> = Promise.resolve();

/** One statement after the other: a server runs one at a time for each person. */
export function inTurn(work: () => Promise<void>): Promise<void> {
  last = last.then(work).catch(() => {});
  return last;
}
