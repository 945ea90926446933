/**
 * Of a file that people write, and that may hold secrets: what is wrong is said by its place, without a word of it.
 *
 * @throws Error such as "it is no JSON from line 3, column 7 on"
 */
export function parseJsonFile(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const before = text.slice(0, new Walk(text).end()).split("\n");
    throw new Error(
      `it is no JSON from line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1} on`,
    );
  }
}

const space = /[ \t\n\r]*/y;
const text = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
/** Deeper than anybody writes: the place is that of what is too deep. */
const deepest = 500;

/** Goes as far as it is JSON (RFC 8259). */
class Walk {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Where it stops: at the end, or at what doesn't belong there. */
  end(): number {
    this.#value(0);
    this.#skip();
    return this.#at;
  }

  #value(depth: number): boolean {
    if (depth > deepest) return false;
    if (this.#takes("{")) return this.#takes("}") || this.#each("}", () => this.#member(depth));
    if (this.#takes("[")) return this.#takes("]") || this.#each("]", () => this.#value(depth + 1));
    return this.#matches(text) || this.#matches(scalar);
  }

  #member(depth: number): boolean {
    this.#skip();
    return this.#matches(text) && this.#takes(":") && this.#value(depth + 1);
  }

  #each(end: string, one: () => boolean): boolean {
    do if (!one()) return false;
    while (this.#takes(","));
    return this.#takes(end);
  }

  #takes(sign: string): boolean {
    this.#skip();
    if (this.#text[this.#at] !== sign) return false;
    this.#at += 1;
    return true;
  }

  #skip(): void {
    this.#matches(space);
  }

  #matches(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return false;
    this.#at = pattern.lastIndex;
    return true;
  }
}
