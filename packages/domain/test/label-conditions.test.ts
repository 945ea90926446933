import fc from "fast-check";
import { expect, test } from "vitest";
import {
  fitsLabels,
  foldedLabel,
  type LabelClause,
  labelsText,
  labelTests,
  measureOf,
  parseLabels,
} from "../src/index.ts";

function clausesOf(text: string): readonly LabelClause[] {
  const parsed = parseLabels(text);
  if ("problem" in parsed) throw new Error(parsed.problem);
  return parsed.clauses;
}

const labels = { Customer: "Acme Ltd", amount: "99.5", due: "2026-11-02T09:00Z", empty: "" };
const meets = (text: string) => fitsLabels(labels, clausesOf(text));

test("labels are asked for by value, whatever the case, with OR, AND and NOT", () => {
  expect(meets("customer=acme ltd")).toBe(true);
  expect(meets("customer=other OR customer=ACME LTD")).toBe(true);
  expect(meets("customer=acme ltd AND amount=1")).toBe(false);
  expect(meets("customer!=acme ltd")).toBe(false);
  expect(meets("NOT customer=other AND coupon!=*")).toBe(true);
  expect(meets("customer=*")).toBe(true);
  expect(meets("NOT coupon=x")).toBe(true);
});

test("an empty value is asked for like any other", () => {
  expect(meets("empty=")).toBe(true);
  expect(meets('empty=""')).toBe(true);
  expect(meets("customer=")).toBe(false);
});

test("what is in quotes is meant as it is, the words that join and further quotes among it", () => {
  expect(clausesOf('a="x OR y" AND b="say \\"hi AND bye\\" now" OR c="back\\\\"')).toEqual([
    [{ key: "a", test: "is", value: "x OR y" }],
    [
      { key: "b", test: "is", value: 'say "hi AND bye" now' },
      { key: "c", test: "is", value: "back\\" },
    ],
  ]);
  expect(clausesOf('"a=b"="x\\" OR y"')).toEqual([[{ key: "a=b", test: "is", value: 'x" OR y' }]]);
  // Outside of quotes it is a letter like any other.
  expect(clausesOf('a=C:\\ OR b=5" AND c=\\"')).toEqual([
    [
      { key: "a", test: "is", value: "C:\\" },
      { key: "b", test: "is", value: '5"' },
    ],
    [{ key: "c", test: "is", value: '\\"' }],
  ]);
});

test("blanks around names, signs, values and closing quotes say nothing", () => {
  const clear = clausesOf('customer="Acme" AND NOT amount>=5');
  expect(clausesOf('  customer =  "Acme"   AND  NOT   amount  >=  5 ')).toEqual(clear);
  expect(clausesOf('"customer" = "Acme" \t AND NOT "amount"\t>= 5')).toEqual(clear);
});

test("conditions are written out with quotes only where they would be read otherwise without", () => {
  for (const plain of [
    "customer=acme ltd",
    "customer!=acme OR b=*",
    "a=x=y AND b!=*",
    "amount>=100 AND NOT amount<5",
    "due>2026-11-02",
  ])
    expect(labelsText(clausesOf(plain))).toBe(plain);
  expect(labelsText([[{ key: "a", test: "is", value: "*" }]])).toBe('a="*"');
  expect(labelsText([[{ key: "a", test: "is", value: "" }]])).toBe('a=""');
  expect(labelsText([[{ key: "a", test: "is", value: "x OR y" }]])).toBe('a="x OR y"');
  expect(labelsText([[{ key: " a", test: "is", value: "x " }]])).toBe('" a"="x "');
});

test("numbers are compared with numbers, times with times, and nothing else with either", () => {
  expect(meets("amount>=99.5 AND amount<100")).toBe(true);
  expect(meets("amount>99.5")).toBe(false);
  expect(meets("amount<=99.5 AND NOT amount<=99.4")).toBe(true);
  expect(meets("due>=2026-11-02 AND due<2026-11-03")).toBe(true);
  expect(meets("due>=2026-11-02T10:00+01:00")).toBe(true);
  expect(meets("due>5 OR customer>5")).toBe(false);
});

test("what can't be asked is said", () => {
  const problems = ["customer", "=x", "amount>cheap", "amount>", 'a="x', 'a="x"y', "", "a=1 AND "];
  for (const text of problems) expect(parseLabels(text), text).toHaveProperty("problem");
  expect(parseLabels("amount>cheap")).toEqual({
    problem:
      "“amount>cheap” compares with what is no number and no time: > takes a number such as 100, or a time such as 2026-11-02 or 2026-11-02T09:00Z.",
  });
});

test("what is no day and no time is not measured", () => {
  expect(measureOf("2026-02-30")).toBeUndefined();
  expect(measureOf("2026-11-02T25:00")).toBeUndefined();
  expect(measureOf("0x10")).toBeUndefined();
  expect(measureOf("1e999")).toBeUndefined();
  expect(measureOf("0050-01-01")).toEqual({ kind: "time", size: Date.parse("0050-01-01T00:00Z") });
});

test("every day of the calendar is the one that JavaScript has", () => {
  const date = fc.date({ min: new Date("0000-01-01"), max: new Date("9999-12-31"), noInvalidDate: true });
  fc.assert(
    fc.property(date, (at) => {
      fc.pre(at.getUTCFullYear() >= 0);
      expect(measureOf(at.toISOString())).toEqual({ kind: "time", size: at.getTime() });
    }),
  );
  const days = [
    "2000-02-29",
    "2100-02-29",
    "2024-02-29",
    "2023-02-29",
    "2026-04-31",
    "2026-12-31",
    "2026-00-10",
  ];
  expect(days.map((day) => measureOf(day) !== undefined)).toEqual([
    true,
    false,
    true,
    false,
    false,
    true,
    false,
  ]);
});

const odd = fc.oneof(
  fc.string({ unit: "binary", minLength: 1, maxLength: 12 }),
  fc.constantFrom(
    "a",
    "NOT",
    "a OR b",
    " OR ",
    "AND",
    "*",
    '"',
    '\\"',
    "a=b",
    "a<b",
    " x ",
    "!",
    "NOT x",
    "x AND",
  ),
);
const measured = fc.oneof(
  fc.integer().map(String),
  fc
    .date({ min: new Date(0), max: new Date("9999-12-31"), noInvalidDate: true })
    .map((at) => at.toISOString()),
);
const condition = fc
  .record({
    key: odd,
    test: fc.constantFrom(...labelTests),
    not: fc.boolean(),
    text: odd,
    empty: fc.boolean(),
    measured,
  })
  .map(({ key, test, not, text, empty, measured }) => ({
    key,
    test,
    ...(test === "is" && { value: empty ? "" : text }),
    ...(test !== "is" && test !== "exists" && { value: measured }),
    ...(not && { not }),
  }));
const clauses = fc.array(fc.array(condition, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 });

test("conditions that are written out are read as they were, whatever is in them", () => {
  fc.assert(
    fc.property(clauses, (given) => {
      expect(parseLabels(labelsText(given))).toEqual({ clauses: given });
    }),
  );
});

test("whatever is typed is taken or refused in a sentence", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(odd).map((words) => words.join(" ")),
      ),
      (text) => {
        const parsed = parseLabels(text);
        if ("problem" in parsed) expect(parsed.problem).toMatch(/\.$/);
        else fitsLabels(labels, parsed.clauses);
      },
    ),
  );
});

test("a condition and its opposite divide all runs among them", () => {
  const someLabels = fc.dictionary(fc.constantFrom("a", "A", "b"), fc.oneof(measured, odd));
  fc.assert(
    fc.property(someLabels, condition, (own, one) => {
      expect(fitsLabels(own, [[one]])).toBe(!fitsLabels(own, [[{ ...one, not: one.not !== true }]]));
    }),
  );
});

test("folding twice is folding once", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(foldedLabel(foldedLabel(text))).toBe(foldedLabel(text));
    }),
  );
});
