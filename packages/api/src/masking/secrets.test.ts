import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { masked, maskJson } from "./mask-json.ts";
import { MaskPaths } from "./mask-path.ts";
import { longest, mostCharacters, mostValues, Secrets } from "./secrets.ts";

const of = (values: readonly string[]) => {
  const secrets = new Secrets();
  for (const value of values) secrets.add(value);
  return secrets;
};

test.each([
  ["of which not all is known", Secrets.everything()],
  ["with too many values", of(Array.from({ length: mostValues + 1 }, (_, index) => `value ${index}`))],
  [
    "with too long values in all",
    of(Array.from({ length: mostCharacters / 1_000 + 1 }, (_, index) => String(index).padStart(1_000, "x"))),
  ],
  ["that falls under a cause with one of these", Secrets.together([of(["value"]), Secrets.everything()])],
])("of a run %s, neither texts nor numbers are shown", (_, secrets) => {
  expect(secrets.isOne("4711")).toBe(true);
  expect(maskJson('[4711,"text",null,[1.5e3],true]', MaskPaths.none, secrets)).toBe(
    '["•••","•••",null,["•••"],true]',
  );
});

test("a value that is too long to be looked for is masked where it stands alone", () => {
  const long = `A letter. ${"€".repeat(longest)}`;
  const secrets = of([long]);
  for (const each of [secrets, Secrets.together([secrets, of(["value"])])]) {
    expect(each.isEmpty).toBe(false);
    expect(each.hide(long)).toBe(masked);
    expect(each.hide(` ${long}\n`)).toBe(masked);
    expect(each.hide(`${long}!`)).toBe(`${long}!`);
    expect(maskJson(JSON.stringify({ to: long, n: 1 }), MaskPaths.none, each)).toBe('{"to":"•••","n":1}');
  }
});

test("values that come one by one are found as if they had come at once", () => {
  const word = fc.string({ minLength: 4, maxLength: 8, unit: fc.constantFrom("a", "b", "A", "é", "+", " ") });
  fc.assert(
    fc.property(fc.array(word, { maxLength: 20 }), (words) => {
      const values = words.map((each) => each.trim()).filter(({ length }) => length >= 4);
      const oneByOne = new Secrets();
      for (const value of values) {
        oneByOne.add(value);
        oneByOne.hide("a text");
      }
      for (const secrets of [oneByOne, of(values)])
        expect(secrets.hide(values.join("|"))).toBe(values.map(() => masked).join("|"));
    }),
  );
});

test("of two values that overlap nothing is left", () => {
  const secrets = of(["abcd"]);
  secrets.hide("x");
  secrets.add("abcdef");
  secrets.hide("x");
  secrets.add("efgh");
  expect(secrets.hide("1 abcdef 2 abcdefgh 3 abcdabcd")).toBe(`1 ${masked} 2 ${masked} 3 ${masked}${masked}`);
});

test("a value that is new does not make all others be written anew", () => {
  const written = vi.spyOn(globalThis, "encodeURIComponent");
  try {
    const secrets = new Secrets();
    for (let index = 0; index < 1_024; index++) {
      secrets.add(`value ${index}`);
      secrets.hide("a text");
    }
    // Each is taken into a greater group ten times at most.
    expect(written.mock.calls.length).toBeLessThanOrEqual(1_024 * 11);
  } finally {
    written.mockRestore();
  }
});

test.each([
  ["paid by DE89370400440532013…", "paid by •••…"],
  ["paid by DE893…", "paid by •••…"],
  ["paid by de89370400440532013…", "paid by •••…"],
  ["paid by DE8…", "paid by DE8…"],
  [
    "pay failed with Error: of DE89370400440532013…. Since 09:51",
    "pay failed with Error: of •••…. Since 09:51",
  ],
  ["DE89DE8937…, and DE8937040…", "DE89•••…, and •••…"],
  ["of DE89370400440532013000…", "of •••…"],
  ["nothing of it…", "nothing of it…"],
])("of %j, which was cut, the beginning of a value is masked, too", (text, shown) => {
  expect(of(["DE89370400440532013000", "another one"]).hide(text)).toBe(shown);
});

test("wherever a text with a value is cut, no more of it is left than is in other words", () => {
  const value = fc.string({
    minLength: 4,
    maxLength: 30,
    unit: fc.constantFrom("a", "b", "é", "7", " ", '"'),
  });
  fc.assert(
    fc.property(
      value,
      fc.string({ maxLength: 20, unit: fc.constantFrom("x", "y") }),
      fc.nat(60),
      (given, before, length) => {
        const secret = given.trim();
        fc.pre(secret.length >= 4);
        const cut = `${`${before}|${secret}|`.slice(0, length)}…`;
        const left = of([secret]).hide(cut).split("|")[1] ?? "";
        expect(left.replaceAll(masked, "").length).toBeLessThanOrEqual(4);
      },
    ),
  );
});

test("what is left of a value that is too long to be looked for is masked where it stands alone", () => {
  const long = `A letter. ${"€".repeat(longest)}`;
  expect(of([long]).hide(`${long.slice(0, 300)}…`)).toBe(masked);
  expect(Secrets.together([of([long]), of(["value"])]).hide(`${long.slice(0, 1_000)}…`)).toBe(masked);
  expect(of([long]).hide(`${long.slice(0, 100)}…`)).toBe(`${long.slice(0, 100)}…`);
});
