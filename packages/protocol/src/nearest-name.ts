/** Of so many letters more, missing, others or swapped a typing error is made. */
const mostEdits = 3;

/** The known name that is most like the given one, if one is much like it. */
export function nearestName(given: string, known: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let least = mostEdits + 1;
  for (const name of known) {
    const allowed = Math.min(mostEdits, Math.ceil(name.length / 3));
    if (Math.abs(name.length - given.length) > allowed) continue;
    const edits = editsBetween(given.toLowerCase(), name.toLowerCase());
    if (edits > allowed || edits >= least) continue;
    least = edits;
    nearest = name;
  }
  return nearest;
}

/** How many letters differ; two that are swapped count once (optimal string alignment). */
function editsBetween(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let edits = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (same ? 0 : 1));
      // In front of the first letters there is none, which no letter is.
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) edits = Math.min(edits, at(before, j - 2) + 1);
      row.push(edits);
    }
    before = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
