import type { Path } from "./value-at.ts";

interface Issue {
  readonly message: string;
  readonly path: readonly PropertyKey[];
}

const kinds: Readonly<Record<string, string>> = {
  array: "a list",
  boolean: "yes or no",
  int: "a whole number",
  number: "a number",
  object: "an object",
  string: "text",
};

/** What is wrong with a value, place by place. */
export class FieldIssues {
  readonly #issues: readonly Issue[];
  readonly #value: (path: Path) => unknown;

  /** @param value what stands at a place */
  constructor(issues: readonly Issue[], value: (path: Path) => unknown) {
    this.#issues = issues;
    this.#value = value;
  }

  /** The places, as they stand in JSON; nothing where all fits. */
  get places(): string | undefined {
    const [first, ...more] = [...new Set(this.#issues.map(({ path }) => placeWords(path)))];
    if (first === undefined) return undefined;
    const shown = [first, ...more.slice(0, mostPlaces - 1)].join(", ");
    const hidden = more.length + 1 - mostPlaces;
    const rest = hidden > 0 ? ` and ${hidden} more` : "";
    return more.length === 0 ? `${shown} doesn't fit.` : `${shown}${rest} don't fit.`;
  }

  /** Of this place and no other. */
  at(path: Path): string | undefined {
    return this.#words(
      this.#issues.filter((issue) => issue.path.length === path.length && isWithin(issue, path)),
    );
  }

  /** Of this place and all that is in it. */
  within(path: Path): string | undefined {
    return this.#words(this.#issues.filter((issue) => isWithin(issue, path)));
  }

  #words(issues: readonly Issue[]): string | undefined {
    const [first] = issues;
    if (first === undefined) return undefined;
    // Nothing there, or nothing yet.
    const isEmpty = (this.#value(first.path.map(asKey)) ?? undefined) === undefined;
    if (isEmpty && /received (?:undefined|null)$/.test(first.message)) return "Needed.";
    const kind = /^Invalid input: expected (\w+), received/.exec(first.message)?.[1];
    return kind === undefined ? first.message : `Expected ${kinds[kind] ?? kind}.`;
  }
}

const mostPlaces = 5;

function placeWords(path: readonly PropertyKey[]): string {
  const words = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  return words === "" ? "The whole" : words.replace(/^\./, "");
}

function isWithin(issue: Issue, path: Path): boolean {
  return path.every((key, index) => issue.path[index] === key);
}

function asKey(key: PropertyKey): string | number {
  return typeof key === "symbol" ? String(key) : key;
}

/** What a refusal says of places: `✖ no such time zone`, `→ at trip.legs[0]`. */
export function issuesOfRefusal(text: string): readonly Issue[] {
  return Array.from(text.matchAll(/^✖ (.*)\n {2}→ at (.*)$/gm), ([, message = "", place = ""]) => ({
    message,
    path: pathOf(place),
  }));
}

function pathOf(place: string): Path {
  return Array.from(
    place.matchAll(/\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|([^.[\]]+)/g),
    ([, index, quoted, name]) => (index === undefined ? (quoted ?? name ?? "") : Number(index)),
  );
}
