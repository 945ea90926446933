import type { LabelClause, LabelCondition, LabelTest } from "./condition.ts";
import { measureOf } from "./measure.ts";

/**
 * Conditions on labels as people write them: `customer=acme`, `customer!=acme`, `amount>=100`, `coupon=*` for any value. ` OR ` binds closer than ` AND `; `NOT ` stands before a
 * condition. What is in double quotes is meant as it is, with `\"` and `\\` within.
 */

const signs: readonly (readonly [sign: string, test: LabelTest, not: boolean])[] = [
  ["!=", "is", true],
  [">=", "atLeast", false],
  ["<=", "atMost", false],
  ["=", "is", false],
  [">", "above", false],
  ["<", "below", false],
];

export type ParsedLabels = { readonly clauses: readonly LabelClause[] } | { readonly problem: string };

export function parseLabels(text: string): ParsedLabels {
  const clauses: LabelCondition[][] = [];
  for (const all of split(text, "AND")) {
    const clause: LabelCondition[] = [];
    for (const one of split(all, "OR")) {
      const parsed = conditionOf(one.trim());
      if (typeof parsed === "string") return { problem: parsed };
      clause.push(parsed);
    }
    clauses.push(clause);
  }
  return { clauses };
}

export function labelsText(clauses: readonly LabelClause[]): string {
  return clauses.map((clause) => clause.map(conditionText).join(" OR ")).join(" AND ");
}

/** Where the words stand that join conditions, outside of quotes. */
function split(text: string, word: "AND" | "OR"): string[] {
  const parts: string[] = [];
  let from = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    if (isQuoted && text[at] === "\\") at++;
    else if (text[at] === '"' && (isQuoted || startsQuote(text, at))) isQuoted = !isQuoted;
    else if (!isQuoted && text.startsWith(` ${word} `, at)) {
      parts.push(text.slice(from, at));
      from = at + word.length + 2;
      at = from - 2;
    }
  }
  return [...parts, text.slice(from)];
}

/** A quote within a word is a letter of it: `size=5"`. */
function startsQuote(text: string, at: number): boolean {
  return at === 0 || /[\s=<>]/.test(text[at - 1] ?? "");
}

function conditionOf(text: string): LabelCondition | string {
  const isNot = /^NOT\s/.test(text);
  const rest = isNot ? text.slice(4).trim() : text;
  const quotedKey = quotedAt(rest);
  const found = quotedKey === undefined ? firstSign(rest) : signAt(rest, afterBlanks(rest, quotedKey.end));
  if (found === undefined)
    return `“${shown(rest)}” asks for no label: write key=value, key!=value, key>=10 or key=*.`;
  const { at, sign, test, not } = found;
  const key = quotedKey?.text ?? rest.slice(0, at).trim();
  if (key === "") return `“${shown(rest)}” names no label before ${sign}.`;
  const written = rest.slice(at + sign.length).trim();
  const quoted = quotedAt(written);
  if (quoted !== undefined && quoted.end < written.length)
    return `“${shown(rest)}” goes on behind the quotes: join conditions with AND or OR.`;
  if (quoted === undefined && written.startsWith('"')) return `“${shown(rest)}” lacks the closing quotes.`;
  const negated = isNot !== not ? { not: true } : {};
  if (quoted === undefined && written === "*" && test === "is") return { key, test: "exists", ...negated };
  const value = quoted?.text ?? written;
  if (test !== "is" && measureOf(value) === undefined)
    return `“${shown(rest)}” compares with ${value === "" ? "nothing" : "what is no number and no time"}: ${sign} takes a number such as 100, or a time such as 2026-11-02 or 2026-11-02T09:00Z.`;
  return { key, test, value, ...negated };
}

interface Sign {
  readonly at: number;
  readonly sign: string;
  readonly test: LabelTest;
  readonly not: boolean;
}

function firstSign(text: string): Sign | undefined {
  for (let at = 0; at < text.length; at++) {
    const found = signAt(text, at);
    if (found !== undefined) return found;
  }
  return undefined;
}

function signAt(text: string, at: number): Sign | undefined {
  const found = signs.find(([sign]) => text.startsWith(sign, at));
  return found === undefined ? undefined : { at, sign: found[0], test: found[1], not: found[2] };
}

function afterBlanks(text: string, at: number): number {
  return text.length - text.slice(at).trimStart().length;
}

function quotedAt(text: string): { readonly text: string; readonly end: number } | undefined {
  if (!text.startsWith('"')) return undefined;
  let inside = "";
  for (let at = 1; at < text.length; at++) {
    if (text[at] === '"') return { text: inside, end: at + 1 };
    if (text[at] === "\\" && at + 1 < text.length) at++;
    inside += text[at];
  }
  return undefined;
}

function conditionText({ key, test, value = "", not = false }: LabelCondition): string {
  const name = isPlainKey(key) ? key : quoted(key);
  if (test === "exists") return `${name}${not ? "!=" : "="}*`;
  if (test === "is") return `${name}${not ? "!=" : "="}${isPlainValue(value) ? value : quoted(value)}`;
  const sign = signs.find(([, is]) => is === test)?.[0] ?? "=";
  return `${not ? "NOT " : ""}${name}${sign}${isPlainValue(value) ? value : quoted(value)}`;
}

function isPlainKey(key: string): boolean {
  return /^[^\s"=<>!][^"=<>!]*$/.test(key) && !/\s$|^NOT\s| (?:AND|OR)(?: |$)/.test(key);
}

function isPlainValue(value: string): boolean {
  return value !== "*" && value.trim() === value && !/^(?:AND|OR) |"| (?:AND|OR)(?: |$)|^$/.test(value);
}

function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', String.raw`\"`)}"`;
}

function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
