/**
 * A map whose versions share structure: a changed copy costs log n, and the earlier version stays as it was. Kept in the order of its keys.
 * Plain data, so that a state that holds it can be written as JSON and frozen as any other; the same changes in the same order make the same
 * tree. Balanced by weight, after Adams.
 */
export type OrderedMap<K extends Key, V> = Node<K, V> | null;

/** Numbers come in their order; texts the shorter first, so that `j2` comes before `j10`. One map has keys of one kind. */
export type Key = string | number;

interface Node<K extends Key, V> {
  readonly key: K;
  readonly value: V;
  readonly size: number;
  readonly left: OrderedMap<K, V>;
  readonly right: OrderedMap<K, V>;
}

export function size(map: OrderedMap<never, unknown> | OrderedMap<Key, unknown>): number {
  return map === null ? 0 : map.size;
}

export function get<K extends Key, V>(map: OrderedMap<K, V>, key: K): V | undefined {
  let node = map;
  while (node !== null) {
    const order = compare(key, node.key);
    if (order === 0) return node.value;
    node = order < 0 ? node.left : node.right;
  }
  return undefined;
}

export function has<K extends Key>(map: OrderedMap<K, unknown>, key: K): boolean {
  return get<K, unknown>(map, key) !== undefined;
}

/** The first in order. */
export function first<K extends Key, V>(map: OrderedMap<K, V>): { key: K; value: V } | undefined {
  if (map === null) return undefined;
  let node = map;
  while (node.left !== null) node = node.left;
  return node;
}

export function* entries<K extends Key, V>(map: OrderedMap<K, V>): Generator<{ key: K; value: V }, void> {
  const above: Node<K, V>[] = [];
  let node = map;
  while (node !== null || above.length > 0) {
    while (node !== null) {
      above.push(node);
      node = node.left;
    }
    const next = above.pop();
    if (next === undefined) return;
    yield next;
    node = next.right;
  }
}

export function keys<K extends Key>(map: OrderedMap<K, unknown>): K[] {
  return Array.from(entries(map), ({ key }) => key);
}

export function values<V>(map: OrderedMap<never, V> | OrderedMap<Key, V>): V[] {
  const all: V[] = [];
  collect(map as OrderedMap<Key, V>, all);
  return all;
}

export function put<K extends Key, V>(map: OrderedMap<K, V>, key: K, value: V): Node<K, V> {
  if (map === null) return { key, value, size: 1, left: null, right: null };
  const order = compare(key, map.key);
  if (order === 0) return { key, value, size: map.size, left: map.left, right: map.right };
  return order < 0
    ? balanced(map.key, map.value, put(map.left, key, value), map.right)
    : balanced(map.key, map.value, map.left, put(map.right, key, value));
}

export function remove<K extends Key, V>(map: OrderedMap<K, V>, key: K): OrderedMap<K, V> {
  if (map === null) return null;
  const order = compare(key, map.key);
  if (order === 0) return joined(map.left, map.right);
  if (order < 0) {
    const left = remove(map.left, key);
    return left === map.left ? map : balanced(map.key, map.value, left, map.right);
  }
  const right = remove(map.right, key);
  return right === map.right ? map : balanced(map.key, map.value, map.left, right);
}

/** A map of maps without empty ones. */
export type GroupedMap<G extends Key, K extends Key, V> = OrderedMap<G, OrderedMap<K, V>>;

export function putInto<G extends Key, K extends Key, V>(
  map: GroupedMap<G, K, V>,
  group: G,
  key: K,
  value: V,
): GroupedMap<G, K, V> {
  return put(map, group, put(get(map, group) ?? null, key, value));
}

export function removeFrom<G extends Key, K extends Key, V>(
  map: GroupedMap<G, K, V>,
  group: G,
  key: K,
): GroupedMap<G, K, V> {
  const before = get(map, group);
  if (before === undefined) return map;
  const after = remove(before, key);
  if (after === before) return map;
  return after === null ? remove(map, group) : put(map, group, after);
}

function compare(a: Key, b: Key): number {
  if (typeof a === "string" && typeof b === "string" && a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

function collect<V>(map: OrderedMap<Key, V>, into: V[]): void {
  if (map === null) return;
  collect(map.left, into);
  into.push(map.value);
  collect(map.right, into);
}

// No side is more than `widest` times as heavy as the other; the pair of numbers is proven to hold after every change.
const widest = 3;
const single = 2;

function node<K extends Key, V>(
  key: K,
  value: V,
  left: OrderedMap<K, V>,
  right: OrderedMap<K, V>,
): Node<K, V> {
  return { key, value, size: size(left) + size(right) + 1, left, right };
}

function balanced<K extends Key, V>(
  key: K,
  value: V,
  left: OrderedMap<K, V>,
  right: OrderedMap<K, V>,
): Node<K, V> {
  const onLeft = size(left);
  const onRight = size(right);
  if (onLeft + onRight > 1) {
    if (right !== null && onRight > widest * onLeft) return leaningLeft(key, value, left, right);
    if (left !== null && onLeft > widest * onRight) return leaningRight(key, value, left, right);
  }
  return { key, value, size: onLeft + onRight + 1, left, right };
}

function leaningLeft<K extends Key, V>(
  key: K,
  value: V,
  left: OrderedMap<K, V>,
  right: Node<K, V>,
): Node<K, V> {
  const inner = right.left;
  if (inner === null || inner.size < single * size(right.right))
    return node(right.key, right.value, node(key, value, left, inner), right.right);
  return node(
    inner.key,
    inner.value,
    node(key, value, left, inner.left),
    node(right.key, right.value, inner.right, right.right),
  );
}

function leaningRight<K extends Key, V>(
  key: K,
  value: V,
  left: Node<K, V>,
  right: OrderedMap<K, V>,
): Node<K, V> {
  const inner = left.right;
  if (inner === null || inner.size < single * size(left.left))
    return node(left.key, left.value, left.left, node(key, value, inner, right));
  return node(
    inner.key,
    inner.value,
    node(left.key, left.value, left.left, inner.left),
    node(key, value, inner.right, right),
  );
}

/** Everything in `left` comes before everything in `right`. */
function joined<K extends Key, V>(left: OrderedMap<K, V>, right: OrderedMap<K, V>): OrderedMap<K, V> {
  if (left === null) return right;
  if (right === null) return left;
  if (left.size > right.size) {
    const last = lastOf(left);
    return balanced(last.key, last.value, remove(left, last.key), right);
  }
  const next = first(right) as Node<K, V>;
  return balanced(next.key, next.value, left, remove(right, next.key));
}

function lastOf<K extends Key, V>(map: Node<K, V>): Node<K, V> {
  let node = map;
  while (node.right !== null) node = node.right;
  return node;
}
