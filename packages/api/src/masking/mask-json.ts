import { MaskPaths, type Places } from "./mask-path.ts";
import type { Secrets } from "./secrets.ts";

/** What is shown instead of a value. */
export const masked = "•••";
export const maskedJson = JSON.stringify(masked);

/** Deeper than any payload that the engine takes. */
const deepest = 3_000;

interface Handling {
  /** Of what a path means: JSON text. Not asked for `null`. */
  readonly onMeant?: (json: string) => string;
  readonly onName?: (json: string) => string;
  readonly onText?: (json: string) => string;
  readonly onNumber?: (json: string) => string;
}

/**
 * The JSON text with what the paths mean as `"•••"`, and known values wherever else they stand. Everything else is left as it is written: numbers with all
 * their digits, fields in their order. What is no JSON is masked as a whole, as nobody can say what is in it.
 */
export function maskJson(json: string, paths: MaskPaths, secrets: Secrets): string {
  const nested = (text: string): string => {
    const decoded: unknown = JSON.parse(text);
    if (typeof decoded !== "string") return text;
    const hidden = holdsJson(decoded) ? maskJson(decoded, paths, secrets) : secrets.hide(decoded);
    return hidden === decoded ? text : JSON.stringify(hidden);
  };
  try {
    return rewritten(json, paths, {
      onMeant: () => maskedJson,
      onName: (text) => hiddenIn(text, secrets),
      onText: nested,
      onNumber: (text) => (secrets.isOne(text) ? maskedJson : text),
    });
  } catch {
    return maskedJson;
  }
}

/** Texts and numbers that stand where the paths mean, each as it reads; nothing for what is no JSON. */
export function meantValues(json: string, paths: MaskPaths): string[] {
  const values: string[] = [];
  const take = (text: string): string => {
    const value: unknown = JSON.parse(text);
    if (typeof value === "string") values.push(value);
    return text;
  };
  const number = (text: string): string => {
    values.push(text);
    return text;
  };
  try {
    rewritten(json, paths, {
      onMeant: (meant) => rewritten(meant, MaskPaths.none, { onText: take, onNumber: number }),
      onText: (text) => {
        const value: unknown = JSON.parse(text);
        if (typeof value === "string" && holdsJson(value)) values.push(...meantValues(value, paths));
        return text;
      },
    });
  } catch {
    // Masked as a whole where it is shown.
  }
  return values;
}

function hiddenIn(text: string, secrets: Secrets): string {
  const decoded: unknown = JSON.parse(text);
  if (typeof decoded !== "string") return text;
  const hidden = secrets.hide(decoded);
  return hidden === decoded ? text : JSON.stringify(hidden);
}

/** As some services pass JSON on: within a text. */
function holdsJson(text: string): boolean {
  return /^\s*[[{]/.test(text) && isJson(text);
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const string = /"(?:[^"\\\u0000-\u001f]|\\.)*"/y;
const number = /-?\d[\d.eE+-]*/y;
const literal = /true|false|null/y;
const space = /[ \t\r\n]*/y;

function rewritten(json: string, paths: MaskPaths, handling: Handling): string {
  let at = 0;
  let out = "";
  /** Only the end of a value is looked for. */
  let isPassing = false;

  const refuse = (): never => {
    throw new SyntaxError(`no JSON at ${at}`);
  };
  function token(pattern: RegExp): string {
    pattern.lastIndex = at;
    const found = pattern.exec(json)?.[0] ?? refuse();
    at += found.length;
    return found;
  }
  const is = (character: string): boolean => json[at] === character;
  const write = (text: string, handle?: (text: string) => string): void => {
    if (!isPassing) out += handle === undefined ? text : handle(text);
  };
  const blank = (): void => write(token(space));
  function sign(character: string): void {
    if (!is(character)) refuse();
    at += 1;
    write(character);
    blank();
  }
  /** Between two of a list, or after the last. */
  function comma(end: string): void {
    blank();
    if (is(end)) return;
    sign(",");
    if (is(end)) refuse();
  }

  function value(places: Places, depth: number): void {
    if (depth > deepest) refuse();
    const from = at;
    if (isPassing || !paths.isMeant(places)) {
      within(places, depth);
      return;
    }
    isPassing = true;
    within(places, depth);
    isPassing = false;
    const meant = json.slice(from, at);
    write(meant, meant === "null" ? undefined : handling.onMeant);
  }

  function within(places: Places, depth: number): void {
    if (is("{")) {
      sign("{");
      while (!is("}")) {
        const name = token(string);
        const read: unknown = JSON.parse(name);
        write(name, handling.onName);
        blank();
        sign(":");
        value(paths.below(places, String(read)), depth + 1);
        comma("}");
      }
      at += 1;
      write("}");
    } else if (is("[")) {
      sign("[");
      while (!is("]")) {
        value(paths.below(places, undefined), depth + 1);
        comma("]");
      }
      at += 1;
      write("]");
    } else if (is('"')) write(token(string), handling.onText);
    else if (is("t") || is("f") || is("n")) write(token(literal));
    else write(token(number), handling.onNumber);
  }

  blank();
  value(paths.root, 0);
  blank();
  if (at !== json.length) refuse();
  return out;
}
