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
  /** @param place as {@link placesIn} has it */
  readonly onText?: (json: string, place: string) => string;
  readonly onNumber?: (json: string) => string;
  /** Of every value, those within others too. */
  readonly onPlace?: (json: string, place: string) => void;
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

/**
 * What was edited as it was shown, with what was masked there and left untouched as it is.
 *
 * @throws Error in a sentence where something masked stands where it wasn't
 */
export function restored(edited: string, shown: string, original: string): string {
  if (!edited.includes(masked) && !edited.includes("\\u2022")) return edited;
  const whole = placesIn(original);
  const seen = placesIn(shown);
  const refuse = (place: string): never => {
    const where = place === "" ? "" : ` at ${place}`;
    throw new Error(
      `${masked}${where} stands for a value that is masked: leave it where it was, or write another one.`,
    );
  };
  const isMasked = (json: string): boolean => String(JSON.parse(json)).includes(masked);
  return rewritten(edited, MaskPaths.none, {
    onName: (name) => (isMasked(name) ? refuse("a name") : name),
    onText: (text, place) => {
      if (!isMasked(text)) return text;
      const was = whole.get(place);
      if (was === undefined || !isSame(seen.get(place), text)) return refuse(place);
      return was;
    },
  });
}

function isSame(one: string | undefined, other: string): boolean {
  return one !== undefined && JSON.parse(one) === JSON.parse(other);
}

/** Each value, by names and numbers with dots between. */
function placesIn(json: string): ReadonlyMap<string, string> {
  const places = new Map<string, string>();
  rewritten(json, MaskPaths.none, { onPlace: (value, place) => void places.set(place, value) });
  return places;
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
  const path: string[] = [];
  const write = (text: string, handle?: (text: string, place: string) => string): void => {
    if (!isPassing) out += handle === undefined ? text : handle(text, path.join("."));
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
      handling.onPlace?.(json.slice(from, at), path.join("."));
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
        path.push(String(read));
        value(paths.below(places, String(read)), depth + 1);
        path.pop();
        comma("}");
      }
      at += 1;
      write("}");
    } else if (is("[")) {
      sign("[");
      for (let index = 0; !is("]"); index++) {
        path.push(String(index));
        value(paths.below(places, undefined), depth + 1);
        path.pop();
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
