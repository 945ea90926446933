import type { Path } from "../../lib/json-text.ts";

export type { Path };

/** Begins with the key of whatever it is in. */
export function keyOf(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key)}`).join("");
}

export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inside, key) => partOf(inside, key), value);
}

function partOf(value: unknown, key: string | number): unknown {
  if (typeof key === "number") return Array.isArray(value) ? (value as unknown[])[key] : undefined;
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
