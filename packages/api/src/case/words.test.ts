import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { IntlMessageFormat } from "intl-messageformat";
import { expect, test } from "vitest";
import { caseLanguages, messages, spoken, Words } from "./words.ts";

const keys = Object.keys(messages.en).sort();

/** The names that a message has room for, plural forms included. */
function placeholders(text: string): string[] {
  const names: string[] = [];
  const visit = (parts: unknown): void => {
    if (Array.isArray(parts)) for (const part of parts) visit(part);
    else if (typeof parts === "object" && parts !== null) {
      // 1: an argument; 6: a plural, whose forms may hold others.
      const { type, value, options } = parts as { type?: number; value?: unknown; options?: object };
      if ((type === 1 || type === 6) && typeof value === "string") names.push(value);
      if (options !== undefined)
        for (const option of Object.values(options)) visit(Reflect.get(option, "value"));
    }
  };
  visit(new IntlMessageFormat(text, "en").getAst());
  return [...new Set(names)].sort();
}

test.each(caseLanguages)(
  "%s says everything, with room for the same, and has plural forms where it counts",
  (language) => {
    expect(Object.keys(messages[language]).sort()).toEqual(keys);
    for (const [key, text] of Object.entries(messages[language])) {
      const first = Reflect.get(messages.en, key);
      expect(text.trim(), key).not.toBe("");
      expect(placeholders(text), key).toEqual(placeholders(String(first)));
      if (/{count/.test(text)) expect(text, key).toMatch(/^.*{count, plural, one {.+} other {.*#.*}}/);
    }
  },
);

test("no sentence of one language stands in another", () => {
  const same = Object.entries(messages.de).filter(([key, text]) => Reflect.get(messages.en, key) === text);
  expect(same).toEqual([]);
});

test("no sentence is there that nobody says", () => {
  const folder = import.meta.dirname;
  const sources = readdirSync(folder).filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
  const text = sources.map((file) => readFileSync(join(folder, file), "utf8")).join("\n");
  expect(keys.filter((key) => !text.includes(`"${key}"`))).toEqual([]);
});

test("counts, durations and moments are those of the language and the zone", () => {
  const [english, german] = [new Words("en", "UTC"), new Words("de", "Europe/Berlin")];
  expect(english.say("owed", { count: 1 })).toBe("One step is still to be undone.");
  expect(english.say("owed", { count: 1200 })).toBe("1,200 steps are still to be undone.");
  expect(german.say("owed", { count: 1 })).toBe("Ein Schritt ist noch rückgängig zu machen.");
  expect(german.say("owed", { count: 1200 })).toBe("1.200 Schritte sind noch rückgängig zu machen.");
  expect(english.duration(93_784_000)).toBe("1 day and 2 hours");
  expect(german.duration(93_784_000)).toBe("1 Tag und 2 Stunden");
  expect([0, 400, -5].map((ms) => english.duration(ms))).toEqual(["1 second", "1 second", "1 second"]);
  const at = Date.UTC(2026, 10, 2, 23, 30);
  expect(english.moment(at)).toBe("November 2, 2026 at 11:30 PM");
  expect(german.moment(at)).toBe("3. November 2026 um 00:30");
  expect(german.stamp(at)).toBe("03.11.2026, 00:30:00");
  expect([Number.NaN, 1e300].map((odd) => german.moment(odd))).toEqual(["–", "–"]);
});

test("names of code are said as words, and others as they are", () => {
  const names = ["bookFlight", "book-flight_again", "HTTPRequest", "sendSMS2", "予約", "", "--", "__proto__"];
  expect(names.map(spoken)).toEqual([
    "Book flight",
    "Book flight again",
    "HTTP request",
    "Send SMS2",
    "予約",
    "",
    "--",
    "Proto",
  ]);
});
