import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { masked, maskJson, meantValues } from "./mask-json.ts";
import { MaskPaths, parseMaskPath } from "./mask-path.ts";
import { MaskRules } from "./mask-rules.ts";
import { personalPaths } from "./personal-paths.ts";
import { restored } from "./restored.ts";
import { Reveals, revealMs } from "./reveals.ts";
import { leastLength, mostValues, Secrets } from "./secrets.ts";

const paths = (...texts: string[]) => new MaskPaths(texts.map(parseMaskPath));
const mask = (json: string, ...texts: string[]) => maskJson(json, paths(...texts), Secrets.none);

test("names lead down, a star is one level or any item, two stars are any levels", () => {
  const json =
    '{"customer": {"email":"a@b.c", "name":"Ada"},  "n":1.50, "list":[{"iban":"X"},{"y":{"iban":7}}]}';
  expect(mask(json, "customer.email")).toBe(json.replace('"a@b.c"', '"•••"'));
  expect(mask(json, "customer.*")).toBe(json.replace('"a@b.c"', '"•••"').replace('"Ada"', '"•••"'));
  expect(mask(json, "**.iban")).toBe(json.replace('"X"', '"•••"').replace("7", '"•••"'));
  expect(mask(json, "list.*.iban")).toBe(json.replace('"X"', '"•••"'));
  expect(mask(json, "list.iban")).toBe(json);
  expect(mask(json, "list")).toBe(json.replace(/\[.*\]/, '"•••"'));
  expect(mask(json, "**")).toBe('"•••"');
  expect(mask('{"a":null}', "a")).toBe('{"a":null}');
  expect(mask('{"a.b":1,"*":2,"c":3}', String.raw`a\.b`, String.raw`\*`)).toBe(
    '{"a.b":"•••","*":"•••","c":3}',
  );
});

test.each(["", ".", "a.", ".a", "a..b", "a\\", "x".repeat(301)])("“%s” is no path", (text) => {
  expect(() => parseMaskPath(text)).toThrow();
});

test("numbers keep their digits, fields their order, and blanks their places", () => {
  const json = ' { "9007199254740993" : 9007199254740993 , "z":1e400,"a": [ ] , "__proto__":{"x":"y"} } ';
  expect(mask(json, "nothing")).toBe(json);
  expect(mask(json, "__proto__.x")).toBe(json.replace('"y"', '"•••"'));
});

test.each(["{", '{"a":1,}', "[1,]", "01x", '{"a" 1}', '"', "undefined", ""])(
  "what is no JSON is masked as a whole: %s",
  (json) => {
    expect(mask(json, "x")).toBe('"•••"');
  },
);

test("whatever is not meant stays as it was written, and what is meant is never there", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string({ minLength: 1 }), (value, name) => {
      const json = JSON.stringify({ a: value, [`secret${name}`]: { within: [value] } });
      const shown = maskJson(
        json,
        new MaskPaths([[`secret${name.replaceAll(/[\\.*]/g, "\\$&")}`]]),
        Secrets.none,
      );
      expect(JSON.parse(shown)).toEqual({
        ...JSON.parse(json),
        [`secret${name}`]: masked,
      });
    }),
  );
});

test("a known value is masked wherever else it is said, however it is written", () => {
  const secrets = new Secrets();
  const email = 'Jürgen "J" <j@example.org>';
  secrets.add(email);
  secrets.add("4711");
  secrets.add("abc");
  for (const text of [
    `No mail to ${email}!`,
    email.toUpperCase(),
    JSON.stringify({ to: email }),
    `https://example.org/?to=${encodeURIComponent(email)}`,
  ])
    expect(secrets.hide(text).toLowerCase()).not.toContain("example.org>");
  expect(secrets.hide("abc 4711")).toBe(`abc ${masked}`);
  expect(maskJson(`{"to":${JSON.stringify(email)},"n":4711,"m":47110}`, MaskPaths.none, secrets)).toBe(
    '{"to":"•••","n":"•••","m":47110}',
  );
  expect(maskJson(JSON.stringify({ body: JSON.stringify({ to: email }) }), MaskPaths.none, secrets)).toBe(
    JSON.stringify({ body: '{"to":"•••"}' }),
  );
});

test("no text of a run shows one of its values, of any characters", () => {
  fc.assert(
    fc.property(fc.string({ minLength: leastLength, unit: "grapheme" }), fc.string(), (value, around) => {
      const secrets = new Secrets();
      secrets.add(value);
      fc.pre([...value.trim()].length >= leastLength && !masked.includes(value.trim()));
      const hidden = secrets.hide(`${around}${value.trim()}${around}`);
      expect(hidden.replaceAll(masked, "")).not.toContain(value.trim() + masked);
      expect(hidden).toContain(masked);
    }),
  );
});

test("of a run with more values than can be looked for, no text is shown", () => {
  const secrets = new Secrets();
  for (let number = 0; number <= mostValues; number++) secrets.add(`value ${number}`);
  expect(secrets.hide("harmless")).toBe(masked);
});

test("values are found where they are meant, within texts that hold JSON too", () => {
  const json = '{"a":{"x":"one","y":[2,true,null]},"b":"three","c":"{\\"a\\":\\"four\\"}"}';
  expect(meantValues(json, paths("a"))).toEqual(["one", "2", "four"]);
});

test("what a schema calls personal is found, through lists, unions and trees", () => {
  const person = z.object({ name: z.string().meta({ personal: true }), age: z.number() });
  interface Tree {
    readonly tag: string;
    readonly children: readonly Tree[];
  }
  const tree: z.ZodType<Tree> = z.object({
    tag: z.string().meta({ personal: true }),
    get children() {
      return z.array(tree);
    },
  });
  const schema = z.object({
    customer: person.optional(),
    others: z.array(z.union([person, z.string()])),
    byId: z.record(z.string(), z.email().meta({ personal: true }).nullable()),
    tree,
    "odd.name": z.string().meta({ personal: true }).default(""),
  });
  const found = new MaskPaths(personalPaths(z.toJSONSchema(schema, { io: "input" })));
  const node = (tag: string, ...children: object[]) => ({ tag, children });
  const value = {
    customer: { name: "A1", age: 1 },
    others: [{ name: "A2", age: 2 }, "x"],
    byId: { one: "A3", two: null },
    tree: node("A4", node("A5", node("A6"))),
    "odd.name": "A7",
  };
  expect(meantValues(JSON.stringify(value), found)).toEqual(["A1", "A2", "A3", "A4", "A5", "A6", "A7"]);
  expect(personalPaths(z.toJSONSchema(z.string().meta({ personal: true })))).toEqual([["**"]]);
  expect(personalPaths(z.toJSONSchema(z.object({ a: z.number() })))).toEqual([]);
});

describe("rules", () => {
  const rules = new MaskRules([
    { workflow: "order", of: { of: "input" }, paths: [["a"]] },
    { workflow: "order", of: { of: "signal", name: "go" }, paths: [["b"]] },
    { jobType: "charge", of: "output", paths: [["c"]] },
    { workflow: "*", of: "everything", paths: [["d"]] },
  ]);
  const at = (workflow: string, of: Parameters<MaskRules["in"]>[1]) =>
    rules.in(workflow, of).paths.map(([name]) => name);

  test("are of the payload that they were declared for", () => {
    expect(at("order", { of: "input" })).toEqual(["a", "d"]);
    expect(at("order", { of: "output" })).toEqual(["d"]);
    expect(at("order", { of: "signal", name: "go" })).toEqual(["b", "d"]);
    expect(at("order", { of: "signal", name: "stop" })).toEqual(["d"]);
    expect(at("other", { of: "jobOutput", jobType: "charge" })).toEqual(["c", "d"]);
    expect(at("other", { of: "jobInput", jobType: "charge" })).toEqual(["d"]);
  });

  test("all count in errors, which no schema tells of", () => {
    expect(at("order", { of: "details" })).toEqual(["a", "b", "c", "d"]);
    expect(at("other", { of: "details", jobType: "ship" })).toEqual(["d"]);
  });
});

test("what was masked and left untouched is what it was; elsewhere it is refused", () => {
  const original = '{"email":"a@b.c","n":1.50,"list":[{"y":0,"x":1},{"x":2}]}';
  const shown = mask(original, "email", "list.*.x");
  expect(restored(shown, shown, original)).toBe(original);
  expect(restored('{"list":["•••",{"x":"•••"}],"n":2}'.replace('"•••",', "0,"), shown, original)).toBe(
    '{"list":[0,{"x":2}],"n":2}',
  );
  expect(restored('{"email":"new@b.c"}', shown, original)).toBe('{"email":"new@b.c"}');
  expect(restored('{"email":"\\u2022\\u2022\\u2022"}', shown, original)).toBe('{"email":"a@b.c"}');
  for (const wrong of ['{"n":"•••"}', '{"email":"x•••"}', '{"•••":1}', '"•••"'])
    expect(() => restored(wrong, shown, original)).toThrow("masked");
});

test("what was revealed is so for one person, session and run, for ten minutes", () => {
  let now = 1;
  const reveals = new Reveals(() => now);
  const ada = { actor: "ada", session: "s1" };
  expect(reveals.until(ada, "r")).toBeUndefined();
  expect(reveals.open(ada, "r")).toBe(1 + revealMs);
  expect(reveals.until(ada, "r")).toBe(1 + revealMs);
  for (const [who, run] of [
    [ada, "q"],
    [{ actor: "ada", session: "s2" }, "r"],
    [{ actor: "bob", session: "s1" }, "r"],
    [{ actor: "ada" }, "r"],
  ] as const)
    expect(reveals.until(who, run)).toBeUndefined();
  now += revealMs;
  expect(reveals.until(ada, "r")).toBeUndefined();
  reveals.open(ada, "r");
  reveals.end(ada, "r");
  expect(reveals.until(ada, "r")).toBeUndefined();
});
