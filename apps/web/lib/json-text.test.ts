import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonDifferences } from "./json-differences.ts";
import { jsonTree, type Path, sourceAt, spacedJson, withJsonAt } from "./json-text.ts";

const payment = `{"10":1,"2":3544790567247868102,"price":1.10,"rate":1e20,"note":"caf\\u00e9","note":"twice"}`;

test("of a text that is edited everything else stays as it is, character by character", () => {
  expect(withJsonAt(payment, ["price"], "2.50")).toBe(payment.replace("1.10", "2.50"));
  expect(withJsonAt(payment, ["2"], "3544790567247868103")).toBe(payment.replace("868102", "868103"));
  expect(withJsonAt(payment, ["10"], undefined)).toBe(payment.replace('"10":1,', ""));
  expect(withJsonAt(payment, ["new"], "0")).toBe(payment.replace("}", ', "new": 0}'));
});

test("with line breaks nothing but the spaces is another", () => {
  expect(spacedJson('{"b":1.10,"a":[3544790567247868102]}')).toBe(
    '{\n  "b": 1.10,\n  "a": [\n    3544790567247868102\n  ]\n}',
  );
  expect(spacedJson("no JSON {")).toBe("no JSON {");
});

test("what is nested too deeply to be drawn is shown as the text that it is", () => {
  const deep = `${'{"o":'.repeat(5_000)}{}${"}".repeat(5_000)}`;
  expect(jsonTree(deep)).toBeUndefined();
  expect(spacedJson(deep)).toBe(deep);
  expect(jsonDifferences(deep, `[${deep}]`).found).toHaveLength(1);
});

test("of a name that is there twice the last one counts, and both go", () => {
  expect(sourceAt(payment, ["note"])).toBe('"twice"');
  expect(withJsonAt(payment, ["note"], '"x"')).toBe(payment.replace('"twice"', '"x"'));
  expect(withJsonAt(payment, ["note"], undefined)).toBe(
    '{"10":1,"2":3544790567247868102,"price":1.10,"rate":1e20}',
  );
  expect(withJsonAt('{"a":1,"a":{"b":2}}', ["a", "b"], undefined)).toBe('{"a":1,"a":{}}');
});

test("what is added stands where a person would have written it", () => {
  const spaced = '{\n  "nights": 3\n}';
  expect(withJsonAt(spaced, ["city"], '"Lisbon"')).toBe('{\n  "nights": 3,\n  "city": "Lisbon"\n}');
  expect(withJsonAt(spaced, ["legs", 0], "{}")).toBe('{\n  "nights": 3,\n  "legs": [\n    {}\n  ]\n}');
  expect(withJsonAt("null", ["flight", "to"], '"LIS"')).toBe('{\n  "flight": {\n    "to": "LIS"\n  }\n}');
  expect(withJsonAt('"text"', ["legs", 0], '"LIS"')).toBe('{\n  "legs": [\n    "LIS"\n  ]\n}');
  expect(withJsonAt("[1]", [7], "2")).toBe("[1, 2]");
  expect(withJsonAt("{}", ["__proto__"], "1")).toBe('{\n  "__proto__": 1\n}');
});

const key = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("__proto__", "10", "a"), fc.constant(0));
const path = fc.array(key, { maxLength: 5 }) as fc.Arbitrary<Path>;
const json = fc
  .tuple(fc.json(), fc.boolean())
  .map(([text, isSpaced]) => (isSpaced ? spacedJson(text) : text));

test("what was put at a place is found there, whatever was there before, and can be taken out again", () => {
  fc.assert(
    fc.property(json, path, fc.json(), (before, place, part) => {
      const after = withJsonAt(before, place, part);
      const found = sourceAt(after, place);
      expect(JSON.parse(found ?? "")).toEqual(JSON.parse(part));
      const taken = withJsonAt(after, place, undefined);
      JSON.parse(taken);
      if (typeof place.at(-1) === "string") expect(sourceAt(taken, place)).toBeUndefined();
    }),
  );
});

test("editing one place of an object leaves the text of every other", () => {
  const names = fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 6 });
  const number = fc.constantFrom("3544790567247868102", "1.10", "-0.0", "1E+2", "1e400");
  fc.assert(
    fc.property(
      names,
      fc.string(),
      fc.array(number, { minLength: 6, maxLength: 6 }),
      (fields, name, numbers) => {
        const text = `{ ${fields.map((one, index) => `${JSON.stringify(one)} : ${numbers[index]}`).join(" ,")} }`;
        for (const part of ["7", undefined]) {
          const after = withJsonAt(text, [name], part);
          for (const [index, one] of fields.entries())
            if (one !== name) expect(sourceAt(after, [one])).toBe(numbers[index]);
        }
      },
    ),
  );
});
