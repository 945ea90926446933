import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { masked, maskJson } from "./mask-json.ts";
import { MaskPaths, parseMaskPath } from "./mask-path.ts";
import { restored } from "./restored.ts";
import { Secrets } from "./secrets.ts";

const paths = new MaskPaths(["**.iban", "card.cvc", "all"].map(parseMaskPath));
const shownOf = (original: string) => maskJson(original, paths, Secrets.none);
const sent = (original: unknown, edited: unknown): unknown => {
  const json = JSON.stringify(original);
  return JSON.parse(restored(JSON.stringify(edited), shownOf(json), json));
};

const pay = [
  { amount: 5, iban: "ADA" },
  { amount: 7, iban: "BOB" },
  { amount: 9, iban: "CAY" },
];
const [a, b, c] = [5, 7, 9].map((amount) => ({ amount, iban: masked }));
const unclear = "Items of pay were added, removed or moved";

describe("of items of a list, nobody's value goes to another", () => {
  test.each([
    ["the first was removed", [b, c]],
    ["the last was removed", [a, b]],
    ["two changed places", [b, a, c]],
    ["one was added in front", [{ amount: 1, iban: "DAN" }, a, b, c]],
    ["one was added behind", [a, b, c, { amount: 1, iban: "DAN" }]],
    ["the first was removed and another added", [b, c, { amount: 1, iban: "DAN" }]],
    ["one was copied over another", [a, a, c]],
    ["two were edited", [{ ...a, amount: 6 }, { ...b, amount: 8 }, c]],
    ["one was edited to read as another", [{ ...a, amount: 7 }, b, c]],
  ])("it is refused where %s", (_, edited) => {
    expect(() => sent({ pay }, { pay: edited })).toThrow(unclear);
  });

  test.each([
    ["nothing in it was changed", [a, b, c], pay],
    ["one was edited", [{ ...a, amount: 6 }, b, c], [{ ...pay[0], amount: 6 }, pay[1], pay[2]]],
    ["one is another's", [a, { amount: 7, iban: "DAN" }, c], [pay[0], { amount: 7, iban: "DAN" }, pay[2]]],
    ["all values were given", [{ amount: 1, iban: "DAN" }], [{ amount: 1, iban: "DAN" }]],
    ["all are others but one", ["x", b, "y"], ["x", pay[1], "y"]],
    ["fields are in another order", [{ iban: masked, amount: 5 }, b, c], pay],
  ])("it is what it was where %s", (_, edited, expected) => {
    expect(sent({ pay }, { pay: edited, more: 1 })).toEqual({ pay: expected, more: 1 });
  });

  test("one that reads as another did is not taken for it", () => {
    const twins = [
      { amount: 5, iban: "ADA" },
      { amount: 5, iban: "BOB" },
    ];
    // Ada's was removed, and one added.
    expect(() => sent({ pay: twins }, { pay: [a, { amount: 1, iban: "DAN" }] })).toThrow(unclear);
    expect(() => sent({ pay: twins }, { pay: [{ ...a, amount: 6 }, a] })).toThrow(unclear);
    expect(sent({ pay: twins }, { pay: [a, a] })).toEqual({ pay: twins });
  });

  test("a list within an item counts by itself", () => {
    const original = [{ id: 1, to: pay }, { id: 2 }];
    expect(sent(original, [{ id: 1, to: [a, { ...b, amount: 1 }, c] }, { id: 2 }])).toEqual([
      { id: 1, to: [pay[0], { ...pay[1], amount: 1 }, pay[2]] },
      { id: 2 },
    ]);
    expect(() => sent(original, [{ id: 1, to: [b, c] }, { id: 2 }])).toThrow("Items of 0.to");
    expect(() => sent(original, [{ id: 2 }, { id: 1, to: [a, b, c] }])).toThrow("Items of the list");
  });

  test("whatever is removed, added or moved", () => {
    const amounts = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 5 });
    const steps = fc.array(
      fc.tuple(fc.constantFrom("remove", "add", "move", "replace"), fc.nat(5), fc.nat(5)),
      {
        maxLength: 3,
      },
    );
    fc.assert(
      fc.property(amounts, steps, (list, changes) => {
        const original = list.map((amount, index) => ({ amount, iban: `owner ${index}` }));
        const meant = original.map((item) => ({ ...item }));
        for (const [change, from, to] of changes) {
          const [taken] = change === "add" ? [] : meant.splice(from, 1);
          const item = change === "move" ? taken : { amount: 4, iban: "somebody else" };
          if (change !== "remove" && item !== undefined)
            meant.splice(change === "replace" ? from : to, 0, item);
        }
        const edited = meant.map((item) =>
          item.iban === "somebody else" ? item : { ...item, iban: masked },
        );
        let got: unknown;
        try {
          got = sent({ pay: original }, { pay: edited });
        } catch (error) {
          expect(String(error)).toContain(unclear);
          return;
        }
        // Two that read alike may have changed places unseen; nobody who was taken out is there, or with another's amount.
        const sorted = (items: unknown) =>
          z
            .array(z.unknown())
            .parse(items)
            .map((item) => JSON.stringify(item))
            .sort();
        expect(sorted(z.object({ pay: z.unknown() }).parse(got).pay)).toEqual(sorted(meant));
      }),
      { numRuns: 500 },
    );
  });
});

test("a place is one place, whatever names have in them", () => {
  const original = { card: { cvc: "123" }, list: [{ iban: "ADA" }] };
  for (const edited of [
    { card: { cvc: masked }, "card.cvc": masked },
    { "card/cvc": masked },
    { "card~1cvc": masked },
    { list: { 0: { iban: masked } } },
    { list: { "": { iban: masked } } },
  ])
    expect(() => sent(original, edited)).toThrow("stands for a value that is masked");
  expect(sent({ ...original, "card.cvc": "mine" }, { card: { cvc: masked }, "card.cvc": "mine" })).toEqual({
    card: { cvc: "123" },
    "card.cvc": "mine",
  });
});

test("what is written stays so, digit by digit, around what was masked", () => {
  const original = '{"all":{"n":9007199254740993,  "x":[1.50]},"b":1e400}';
  const edited = ' { "b" : 1e400, "c":9007199254740995 , "all":"\\u2022\\u2022•" } ';
  expect(restored(edited, shownOf(original), original)).toBe(
    ' { "b" : 1e400, "c":9007199254740995 , "all":{"n":9007199254740993,  "x":[1.50]} } ',
  );
  const long = '{"pay":[{"n":9007199254740993,"iban":"ADA"},{"n":1.50,"iban":"BOB"}]}';
  const other = shownOf(long).replace("1.50", "1.5");
  expect(restored(other, shownOf(long), long)).toBe(long.replace("1.50", "1.5"));
  const two = other.replace("0993", "0992").replace("1.5", "2");
  expect(() => restored(two, shownOf(long), long)).toThrow(unclear);
});

test("what is nested as deep as payloads are is read to its ground", () => {
  const deep = (value: string, levels = 500) => `${'[{"a":'.repeat(levels)}${value}${"}]".repeat(levels)}`;
  const original = deep('{"iban":"ADA","n":1}');
  const shown = shownOf(original);
  expect(shown).toContain(masked);
  expect(restored(shown.replace('"n":1', '"n":2'), shown, original)).toBe(original.replace('"n":1', '"n":2'));
  expect(() => restored(deep('"•••"', 1_001), shown, original)).toThrow("levels deep");
});

test("nothing stands for what was no JSON", () => {
  expect(() => restored('{"iban":"•••"}', masked, "{")).toThrow("stands for a value that is masked");
  expect(() => restored('{"iban":"•••"', "{}", "{}")).toThrow(SyntaxError);
});
