/** Of two lists, which belong together: both, or one that the other list lacks. */
export interface Aligned<Item> {
  readonly left?: Item;
  readonly right?: Item;
}

/** So many pairs are looked at one by one; beyond, the nth of a name belongs to the nth. */
const mostPairs = 4_000_000;

/** Keeps the order of both lists, and pairs as many as that allows; only equal names make a pair. */
export function alignSteps<Item>(
  left: readonly Item[],
  right: readonly Item[],
  nameOf: (item: Item) => string,
): readonly Aligned<Item>[] {
  const isPair = (one: Item | undefined, other: Item | undefined): boolean =>
    one !== undefined && other !== undefined && nameOf(one) === nameOf(other);
  const shorter = Math.min(left.length, right.length);
  let head = 0;
  while (head < shorter && isPair(left[head], right[head])) head++;
  let tail = 0;
  while (tail < shorter - head && isPair(left.at(-1 - tail), right.at(-1 - tail))) tail++;
  const a = left.slice(head, left.length - tail);
  const b = right.slice(head, right.length - tail);
  const middle = a.length * b.length <= mostPairs ? bySubsequence(a, b, nameOf) : byOccurrence(a, b, nameOf);
  return [
    ...pairs(left.slice(0, head), right.slice(0, head)),
    ...middle,
    ...pairs(left.slice(left.length - tail), right.slice(right.length - tail)),
  ];
}

function pairs<Item>(left: readonly Item[], right: readonly Item[]): Aligned<Item>[] {
  return left.map((item, index) => {
    const other = right[index];
    return other === undefined ? { left: item } : { left: item, right: other };
  });
}

/** The longest common subsequence. */
function bySubsequence<Item>(
  a: readonly Item[],
  b: readonly Item[],
  nameOf: (item: Item) => string,
): Aligned<Item>[] {
  const width = b.length + 1;
  const [namesA, namesB] = [a.map(nameOf), b.map(nameOf)];
  const lengths = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      lengths[i * width + j] =
        namesA[i] === namesB[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const aligned: Aligned<Item>[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i], b[j]];
    if (left !== undefined && right !== undefined && namesA[i] === namesB[j]) {
      aligned.push({ left, right });
      i++;
      j++;
    } else if (left !== undefined && (right === undefined || at(i + 1, j) >= at(i, j + 1))) {
      aligned.push({ left });
      i++;
    } else if (right !== undefined) {
      aligned.push({ right });
      j++;
    }
  }
  return aligned;
}

function byOccurrence<Item>(
  a: readonly Item[],
  b: readonly Item[],
  nameOf: (item: Item) => string,
): Aligned<Item>[] {
  const waiting = new Map<string, number[]>();
  for (let index = b.length - 1; index >= 0; index--) {
    const item = b[index];
    if (item === undefined) continue;
    const name = nameOf(item);
    const known = waiting.get(name);
    if (known === undefined) waiting.set(name, [index]);
    else known.push(index);
  }
  const taken = new Set<number>();
  const aligned = a.map((item): Aligned<Item> => {
    const index = waiting.get(nameOf(item))?.pop();
    const other = index === undefined ? undefined : b[index];
    if (index === undefined || other === undefined) return { left: item };
    taken.add(index);
    return { left: item, right: other };
  });
  return [...aligned, ...b.filter((_, index) => !taken.has(index)).map((right) => ({ right }))];
}
