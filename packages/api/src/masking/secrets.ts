import { createHash } from "node:crypto";
import { cutEnds, cutMark, type Found } from "./cut-ends.ts";
import { masked } from "./mask-json.ts";

/** Shorter ones stand in too many words. */
export const leastLength = 4;
/** Longer texts are masked where they stand alone. */
export const longest = 2_000;
/** Texts are cut to more than that. */
const headLength = 200;
/** Of a run with more, no text is shown in which one could stand. */
export const mostValues = 2_000;
/** In all values that are looked for within texts; beyond it, as with too many of them. */
export const mostCharacters = 65_536;

/** Values that are looked for together. */
interface Group {
  readonly values: readonly string[];
  /** However each may be written. */
  readonly written: readonly string[];
  readonly pattern: RegExp;
}

/** Values of masked places, to be found where else they are said: in errors, labels, or a payload that nobody declared. */
export class Secrets {
  static readonly none = new Secrets();
  readonly #values = new Set<string>();
  /** Of those that are too long to be looked for within a text: what they come to. */
  readonly #alone = new Set<string>();
  /** Their beginnings, for where they were cut. */
  readonly #heads = new Set<string>();
  #characters = 0;
  #groups: Group[] = [];
  /** In no group yet. */
  #new: string[] = [];
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
    if (length < leastLength || this.#areTooMany || this.#values.has(trimmed)) return;
    if (trimmed.length > longest) {
      this.#alone.add(digestOf(trimmed));
      this.#heads.add(digestOf(trimmed.slice(0, headLength)));
    } else {
      this.#values.add(trimmed);
      this.#new.push(trimmed);
      this.#characters += trimmed.length;
    }
    if (this.#values.size + this.#alone.size > mostValues || this.#characters > mostCharacters)
      this.#areTooMany = true;
  }

  get isEmpty(): boolean {
    return this.#values.size + this.#alone.size === 0 && !this.#areTooMany;
  }

  /** Whether a number may be one. */
  isOne(value: string): boolean {
    return this.#areTooMany || this.#values.has(value) || this.#isAlone(value);
  }

  /** The text with each of them as `•••`, however it is written: in capitals or not, as JSON or an address would have it. */
  hide(text: string): string {
    if (this.#areTooMany) return text.trim() === "" ? text : masked;
    if (this.#isAlone(text.trim()) || this.#isHead(text.trim())) return masked;
    if (this.#values.size === 0 || text === "") return text;
    this.#group();
    const found = this.#groups.flatMap(({ pattern }) =>
      [...text.matchAll(pattern)].map(({ 0: { length }, index }) => ({ from: index, to: index + length })),
    );
    if (text.includes(cutMark)) {
      for (const { written } of this.#groups) found.push(...cutEnds(text, written, leastLength));
    }
    return found.length === 0 ? text : without(text, found);
  }

  /** All of several runs. */
  static together(all: readonly Secrets[]): Secrets {
    const [first, ...more] = all;
    if (first === undefined) return Secrets.none;
    if (more.length === 0) return first;
    const one = new Secrets();
    for (const secrets of all) {
      for (const value of secrets.#values) one.add(value);
      for (const digest of secrets.#alone) one.#alone.add(digest);
      for (const digest of secrets.#heads) one.#heads.add(digest);
      if (secrets.#areTooMany) one.#areTooMany = true;
    }
    return one;
  }

  #isAlone(text: string): boolean {
    return this.#alone.size > 0 && text.length > longest && this.#alone.has(digestOf(text));
  }

  /** What is left of one that stands alone. */
  #isHead(text: string): boolean {
    return (
      this.#heads.size > 0 && text.endsWith(cutMark) && this.#heads.has(digestOf(text.slice(0, headLength)))
    );
  }

  /** What is new becomes a group with those before that are no greater: there are few, and each value is seldom taken into another. */
  #group(): void {
    if (this.#new.length === 0) return;
    let values = this.#new;
    this.#new = [];
    for (let last = this.#groups.at(-1); last !== undefined; last = this.#groups.at(-1)) {
      if (last.values.length > values.length) break;
      values = [...last.values, ...values];
      this.#groups.pop();
    }
    const written = [...new Set(values.flatMap(spellings))];
    this.#groups.push({ values, written, pattern: patternOf(written) });
  }
}

function without(text: string, found: Found[]): string {
  let out = "";
  let at = 0;
  for (const { from, to } of found.sort((one, other) => one.from - other.from)) {
    // What two have in common is hidden already; so is the rest of the other one.
    if (from >= at) out += text.slice(at, from) + masked;
    at = Math.max(at, to);
  }
  return out + text.slice(at);
}

function digestOf(value: string): string {
  return createHash("sha256").update(value).digest("base64");
}

function patternOf(written: readonly string[]): RegExp {
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
