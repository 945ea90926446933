export type Path = readonly (string | number)[];

/** Begins with the key of whatever it is in. */
export function keyOf(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key)}`).join("");
}

export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inside, key) => partOf(inside, key), value);
}

/** The same value with another part, `undefined` to take the part out. Whatever is in the way becomes an object or a list. */
export function withValueAt(value: unknown, path: Path, part: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return part;
  const changed = withValueAt(partOf(value, key), rest, part);
  if (typeof key === "number") {
    const list: readonly unknown[] = Array.isArray(value) ? value : [];
    return changed === undefined ? list.toSpliced(key, 1) : list.toSpliced(key, 1, changed);
  }
  const entries = isObject(value) ? Object.entries(value) : [];
  if (changed === undefined) return Object.fromEntries(entries.filter(([name]) => name !== key));
  const isThere = entries.some(([name]) => name === key);
  return Object.fromEntries(
    isThere
      ? entries.map(([name, own]) => [name, name === key ? changed : own])
      : [...entries, [key, changed]],
  );
}

function partOf(value: unknown, key: string | number): unknown {
  if (typeof key === "number") return Array.isArray(value) ? (value as unknown[])[key] : undefined;
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
