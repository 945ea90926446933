import fc from "fast-check";
import { expect, test } from "vitest";
import { exactOf, exactOfText, exactSum, exactText, exactZero, negated } from "../src/exact-number.ts";

const decimals = fc
  .tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.nat(9))
  .map(([units, scale]) => ({ units, scale, text: exactText({ units, scale }) }));

test("numbers are what is written, to the last digit", () => {
  const texts = ["0", "-0", "1.10", "3544790567247868102", "-12.5e2", "1e3", "1E-3", "+7", "00012.0"];
  expect(texts.map((text) => exactText(exactOf(text) ?? expect.fail(text)))).toEqual([
    "0",
    "0",
    "1.1",
    "3544790567247868102",
    "-1250",
    "1000",
    "0.001",
    "7",
    "12",
  ]);
});

test("what is no number, or longer than anybody's, is none", () => {
  for (const text of ["", " 1", "1.", ".5", "0x10", "1,000", "NaN", "Infinity", "1e41", "1e-41", "１２"])
    expect(exactOf(text), text).toBeUndefined();
  expect(exactOf(`1${"0".repeat(40)}`)).toBeUndefined();
  expect(exactOf("0e999")).toEqual(exactZero);
});

test("sums are exact in any order, and what is taken away again leaves nothing", () => {
  fc.assert(
    fc.property(fc.array(decimals, { maxLength: 20 }), (numbers) => {
      const exact = numbers.map(({ text }) => exactOf(text) ?? expect.fail(text));
      const sum = exact.reduce(exactSum, exactZero);
      const expected = numbers.reduce((all, { units, scale }) => all + units * 10n ** BigInt(9 - scale), 0n);
      expect(sum.units * 10n ** BigInt(9 - sum.scale)).toBe(expected);
      expect(exact.toReversed().reduce(exactSum, exactZero)).toEqual(sum);
      expect(exact.map(negated).reduce(exactSum, sum)).toEqual(exactZero);
      expect(exactOf(exactText(sum))).toEqual(sum);
    }),
  );
});

test("a sum is read back as it was written, however many digits it has", () => {
  const longest = fc
    .tuple(fc.bigInt({ min: -(10n ** 40n) + 1n, max: 10n ** 40n - 1n }), fc.nat(40))
    .map(([units, scale]) => exactOf(exactText({ units, scale })) ?? expect.fail(`${units} ${scale}`));
  fc.assert(
    fc.property(fc.array(longest, { maxLength: 20 }), (numbers) => {
      const sum = numbers.reduce(exactSum, exactZero);
      expect(exactOfText(exactText(sum))).toEqual(sum);
    }),
    { examples: [[Array(2).fill({ units: 10n ** 40n - 1n, scale: 0 })]] },
  );
  for (const text of ["", "-", "1.", ".5", "1e3", "+1", "0x10", "１２"])
    expect(() => exactOfText(text), text).toThrow("Not a number that was written exactly");
  expect(() => exactOfText("x".repeat(5_000))).toThrow(/: x{100}$/);
});
