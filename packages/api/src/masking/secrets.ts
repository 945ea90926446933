import { masked } from "./mask-json.ts";

/** Shorter ones stand in too many words. */
export const leastLength = 4;
/** Longer texts are masked where they stand alone. */
const longest = 2_000;
/** Of a run with more, no text is shown in which one could stand. */
export const mostValues = 2_000;

/** Values of masked places, to be found where else they are said: in errors, labels, or a payload that nobody declared. */
export class Secrets {
  static readonly none = new Secrets();
  readonly #values = new Set<string>();
  #pattern: RegExp | undefined;
  #areTooMany = false;

  /** Everything that is text or number may be one. */
  static everything(): Secrets {
    const all = new Secrets();
    all.#areTooMany = true;
    return all;
  }

  add(value: string): void {
    const trimmed = value.trim();
    const length = [...trimmed.slice(0, 8)].length;
    if (length < leastLength || trimmed.length > longest || this.#values.has(trimmed)) return;
    if (this.#values.size >= mostValues) this.#areTooMany = true;
    else this.#values.add(trimmed);
    this.#pattern = undefined;
  }

  get isEmpty(): boolean {
    return this.#values.size === 0 && !this.#areTooMany;
  }

  isOne(value: string): boolean {
    return this.#values.has(value);
  }

  /** The text with each of them as `•••`, however it is written: in capitals or not, as JSON or an address would have it. */
  hide(text: string): string {
    if (this.#areTooMany) return text.trim() === "" ? text : masked;
    if (this.#values.size === 0 || text === "") return text;
    this.#pattern ??= patternOf(this.#values);
    return text.replace(this.#pattern, masked);
  }

  /** All of several runs. */
  static together(all: readonly Secrets[]): Secrets {
    const [first, ...more] = all;
    if (first === undefined) return Secrets.none;
    if (more.length === 0) return first;
    const one = new Secrets();
    for (const secrets of all) {
      for (const value of secrets.#values) one.add(value);
      if (secrets.#areTooMany) one.#areTooMany = true;
    }
    return one;
  }
}

function patternOf(values: ReadonlySet<string>): RegExp {
  const written = new Set([...values].flatMap(spellings));
  const all = [...written].sort((a, b) => b.length - a.length).map(literally);
  return new RegExp(all.join("|"), "giu");
}

function spellings(value: string): string[] {
  const inJson = JSON.stringify(value).slice(1, -1);
  const inAscii = inJson.replaceAll(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  if (!value.isWellFormed()) return [value, inJson, inAscii];
  const inAddress = encodeURIComponent(value);
  return [value, inJson, inAscii, inAddress, inAddress.replaceAll("%20", "+")];
}

function literally(text: string): string {
  return text.replaceAll(/[\^$\\.*+?()[\]{}|/]/g, "\\$&");
}
