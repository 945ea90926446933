import { fromWallText } from "./wall-time.ts";
import { parseZone } from "./zone.ts";

/** Told, in a sentence, of each part of an address that can't be meant; the part counts as absent. */
export type Report = (problem: string) => void;

export const unreported: Report = () => {};

/** Known on every page. */
const everywhere = ["tz"];
/** Of the framework's own requests. */
const framework = /^_/;

export function readText(
  query: URLSearchParams,
  name: string,
  most: number,
  report: Report,
): string | undefined {
  const text = query.get(name);
  if (text === null || text === "") return undefined;
  if (text.length <= most) return text;
  report(`“${name}” has ${text.length} characters; at most ${most} can be asked for.`);
  return undefined;
}

export function readChoice<Choice extends string>(
  query: URLSearchParams,
  name: string,
  choices: readonly Choice[],
  report: Report,
): Choice | undefined {
  const text = query.get(name);
  if (text === null || text === "") return undefined;
  const chosen = choices.find((choice) => choice === text);
  if (chosen === undefined) report(`“${name}” is ${inList(choices)}; ${shown(text)} is none of these.`);
  return chosen;
}

/** Several, separated by commas. Those that don't exist are left out. */
export function readChoices<Choice extends string>(
  query: URLSearchParams,
  name: string,
  choices: readonly Choice[],
  report: Report,
): readonly Choice[] {
  const texts = (query.get(name) ?? "").split(",").filter((text) => text !== "");
  const known = choices.filter((choice) => texts.includes(choice));
  const unknown = texts.filter((text) => !choices.some((choice) => choice === text));
  for (const text of unknown.slice(0, 3))
    report(`“${name}” is ${inList(choices)}; ${shown(text)} is none of these.`);
  return [...new Set(texts)].flatMap((text) => known.filter((choice) => choice === text));
}

export function readWhole(
  query: URLSearchParams,
  name: string,
  most: number,
  report: Report,
): number | undefined {
  const text = query.get(name);
  if (text === null || text === "") return undefined;
  const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= 1 && number <= most) return number;
  report(`“${name}” is a whole number from 1 to ${most}; ${shown(text)} is not.`);
  return undefined;
}

const iso =
  /^(\d{4})-(\d\d)-(\d\d)(?:T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?)?$/;
const latest = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * ISO 8601, or milliseconds since 1970: from then to the year 9999. A day, or a time that names no zone, is one of the address's time zone, else of the one that is shown:
 * whoever is sent the link sees the same.
 */
export function readTime(query: URLSearchParams, name: string, report: Report): number | undefined {
  const text = query.get(name);
  if (text === null || text === "") return undefined;
  const time = timeOf(text, parseZone(query.get("tz")));
  if (time >= 0 && time <= latest) return time;
  report(
    `“${name}” is a time such as 2026-11-23T14:00Z, from 1970 to 9999; ${shown(text)} is not, so it is left out.`,
  );
  return undefined;
}

function timeOf(text: string, zone: string | undefined): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  const [, year, month, day, named] = iso.exec(text) ?? [];
  if (day === undefined) return Number.NaN;
  // February has no 31st, whatever a lenient parser makes of it.
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (date.getUTCDate() !== Number(day) || date.getUTCMonth() !== Number(month) - 1) return Number.NaN;
  if (named !== undefined) return Date.parse(text);
  const time = fromWallText(text.includes("T") ? text : `${text}T00:00`, zone) ?? Number.NaN;
  // The first day of all, and the last, are whole days everywhere.
  return Number(year) >= 1970 ? Math.min(Math.max(time, 0), latest) : time;
}

/**
 * What a page makes nothing of shows everything, as if it had not been asked for: that is said.
 *
 * @param several of the known ones, those that may stand there several times
 */
export function reportUnknown(
  query: URLSearchParams,
  known: readonly string[],
  report: Report,
  several: readonly string[] = [],
): void {
  for (const name of new Set(query.keys())) {
    if (framework.test(name)) continue;
    if (![...known, ...everywhere].includes(name))
      report(`This page knows no ${shown(name)}: it is left out.`);
    else if (!several.includes(name) && new Set(query.getAll(name)).size > 1)
      report(`“${name}” is given several times: the first counts.`);
  }
  const zone = query.get("tz");
  if (zone !== null && zone !== "" && parseZone(zone) === undefined)
    report(`“tz” is a time zone such as Europe/Berlin; ${shown(zone)} is none, so it is left out.`);
}

function inList(choices: readonly string[]): string {
  const last = choices.at(-1) ?? "";
  return choices.length < 2 ? last : `${choices.slice(0, -1).join(", ")} or ${last}`;
}

/** A long value is told by its beginning. */
export function shown(text: string): string {
  return `“${text.length > 40 ? `${text.slice(0, 40)}…` : text}”`;
}
