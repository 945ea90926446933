/**
 * Reading values that nobody vouches for. Any getter may throw, any trap of a proxy too, and a revoked proxy throws at whatever is
 * done to it, `instanceof` included.
 */
export function field(value: unknown, name: PropertyKey): unknown {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return undefined;
  try {
    return Reflect.get(value, name);
  } catch {
    return undefined;
  }
}

export function stringField(value: unknown, name: PropertyKey): string | undefined {
  const found = field(value, name);
  return typeof found === "string" ? found : undefined;
}

export function isInstance<T>(value: unknown, type: abstract new (...args: never[]) => T): value is T {
  try {
    return value instanceof type;
  } catch {
    return false;
  }
}

export function isList(value: unknown): value is readonly unknown[] {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}

/** How many items the list says it has. */
export function lengthOf(list: readonly unknown[]): number {
  const length = field(list, "length");
  return typeof length === "number" && length > 0 ? length : 0;
}
