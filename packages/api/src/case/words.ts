import { capitalised } from "@downbeat/domain";
import { IntlMessageFormat } from "intl-messageformat";
import de from "./messages/de.json" with { type: "json" };
import en from "./messages/en.json" with { type: "json" };

export const caseLanguages = ["en", "de"] as const;
export type CaseLanguage = (typeof caseLanguages)[number];

export type MessageKey = keyof typeof en;
export type MessageArgs = Readonly<Record<string, string | number>>;

/** By language; another one is complete when it has every key of the first. */
export const messages: Readonly<Record<CaseLanguage, Readonly<Record<MessageKey, string>>>> = { en, de };

/** What one language says, and how it writes times, durations and lists. */
export class Words {
  readonly language: CaseLanguage;
  readonly #messages = new Map<MessageKey, IntlMessageFormat>();
  readonly #moment: Intl.DateTimeFormat;
  readonly #moments: Intl.DateTimeFormat;
  readonly #list: Intl.ListFormat;

  /** @param timeZone an IANA name */
  constructor(language: CaseLanguage, timeZone: string) {
    this.language = language;
    this.#moment = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short", timeZone });
    this.#moments = new Intl.DateTimeFormat(language, {
      ...{ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" },
      ...{ second: "2-digit", hourCycle: "h23", timeZone },
    });
    this.#list = new Intl.ListFormat(language, { style: "long", type: "conjunction" });
  }

  say(key: MessageKey, args: MessageArgs = {}): string {
    const known =
      this.#messages.get(key) ?? new IntlMessageFormat(messages[this.language][key], this.language);
    this.#messages.set(key, known);
    return String(known.format(args));
  }

  /** In a sentence. @param at ms since the epoch */
  moment(at: number): string {
    return this.#written(this.#moment, at);
  }

  /** In front of a sentence. */
  stamp(at: number): string {
    return this.#written(this.#moments, at);
  }

  /** Of the two largest units, in whole words. */
  duration(ms: number): string {
    const parts: string[] = [];
    let rest = Math.max(0, Math.round(ms / 1_000));
    for (const [unit, seconds] of units) {
      const count = Math.floor(rest / seconds);
      rest -= count * seconds;
      if (count > 0) parts.push(this.unit(count, unit));
      if (parts.length === 2 || (parts.length > 0 && count === 0)) break;
    }
    return parts.length === 0 ? this.unit(1, "second") : this.list(parts);
  }

  list(parts: readonly string[]): string {
    return this.#list.format(parts);
  }

  unit(count: number, unit: string): string {
    return new Intl.NumberFormat(this.language, { style: "unit", unit, unitDisplay: "long" }).format(count);
  }

  /** Data may hold any number. */
  #written(format: Intl.DateTimeFormat, at: number): string {
    return Number.isFinite(at) && Math.abs(at) <= 8.64e15 ? format.format(at) : "–";
  }
}

const units = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

/** `bookFlight` as `Book flight`: names of jobs, workflows and signals are a developer's. */
export function spoken(name: string): string {
  const words = name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, "$1 $2")
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2")
    .split(/[\s_.:/-]+/u)
    .filter((word) => word !== "");
  const text = words.map((word) => (/^\p{Lu}\p{Ll}*$/u.test(word) ? word.toLowerCase() : word)).join(" ");
  return text === "" ? name : capitalised(text);
}
