import { pathText } from "./lost-in-json.ts";
import { isOverflow } from "./thrown/overflow.ts";
import { readThrown } from "./thrown/read-thrown.ts";

/**
 * Where a value's own code throws when JSON is made of the value: a getter, a `toJSON`, a trap of a proxy, all of a revoked one. Only asked where something has thrown, as it calls them once
 * more.
 *
 * @returns the place and what was thrown, to stand in a sentence; `undefined` for a value that can be read now
 */
export function unreadableIn(value: unknown): string | undefined {
  const reading = new Reading();
  try {
    reading.read(value, "", 0);
    return undefined;
  } catch (error) {
    return isOverflow(error) ? undefined : `${reading.place} ${ownCodeThrew(error)}`;
  }
}

/** @param error of a value's own code */
export function ownCodeThrew(error: unknown): string {
  const { name, message } = readThrown(error);
  return `can't be read, as it threw ${message === "" ? name : `${name}: ${message}`}`;
}

/** So many values are looked at. */
const mostValues = 1_000_000;

class Reading {
  readonly #path: (string | number)[] = [];
  readonly #around = new Set<unknown>();
  #isInToJson = false;
  #left = mostValues;

  get place(): string {
    if (!this.#isInToJson) return pathText(this.#path);
    return this.#path.length === 0 ? "its toJSON()" : `${pathText(this.#path)}.toJSON()`;
  }

  /** As `JSON.stringify` goes through it. */
  read(given: unknown, name: string, depth: number): void {
    const value = this.#jsonForm(given, name);
    if (typeof value !== "object" || value === null || this.#around.has(value) || --this.#left < 0) return;
    this.#around.add(value);
    if (Array.isArray(value)) {
      const length = Math.min(value.length, this.#left);
      for (let index = 0; index < length; index++) this.#readPart(value, index, depth);
    } else for (const field of Object.keys(value)) this.#readPart(value, field, depth);
    this.#around.delete(value);
  }

  #readPart(value: object, step: string | number, depth: number): void {
    this.#path[depth] = step;
    this.read(Reflect.get(value, step), String(step), depth + 1);
    this.#path.length = depth;
  }

  #jsonForm(value: unknown, name: string): unknown {
    if (typeof value !== "object" || value === null) return value;
    const toJson: unknown = Reflect.get(value, "toJSON");
    if (typeof toJson !== "function") return value;
    this.#isInToJson = true;
    const made: unknown = Reflect.apply(toJson, value, [name]);
    this.#isInToJson = false;
    return made;
  }
}
