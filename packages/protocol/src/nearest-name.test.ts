import fc from "fast-check";
import { expect, test } from "vitest";
import { nearestName } from "./nearest-name.ts";

const known = ["bookTrip", "bookHotel", "refund", "pay"];

test("a name that is mistyped a little is found, whatever its case", () => {
  for (const typed of ["booktrip", "bokTrip", "bookTripp", "bookTrup", "obokTrip", "BOOKTRIP", "bookTirp"])
    expect(nearestName(typed, known), typed).toBe("bookTrip");
  expect(nearestName("refnud", known)).toBe("refund");
  expect(nearestName("bookHotl", known)).toBe("bookHotel");
});

test("one that is nothing like any of them is none of them", () => {
  for (const typed of ["", "charge", "bo", "bookTripAbroad", "tfdnue"])
    expect(nearestName(typed, known), typed).toBeUndefined();
  expect(nearestName("bookTrip", [])).toBeUndefined();
});

test("letters count as swapped only where both are there, from the first two on", () => {
  expect(nearestName("obok", ["book"])).toBe("book");
  expect(nearestName("ba", ["ab"])).toBe("ab");
  // As the second letter alone is the first of the other, that is no swap.
  for (const [typed, name] of [
    ["cab", "ax"],
    ["bx", "ab"],
    ["xa", "ab"],
    ["b", "ab"],
    ["ac", "ba"],
    ["cb", "ba"],
  ] as const)
    expect(nearestName(typed, [name]), `${typed} ${name}`).toBe(typed === "b" ? name : undefined);
});

test("letters that are swapped count once, beside others that differ", () => {
  expect(nearestName("bacdeX", ["abcdef"])).toBe("abcdef");
  expect(nearestName("bacdXX", ["abcdef"])).toBeUndefined();
});

test("of a short name, less may differ", () => {
  expect(nearestName("pya", known)).toBe("pay");
  expect(nearestName("pa", known)).toBe("pay");
  expect(nearestName("payee", known)).toBeUndefined();
  expect(nearestName("xyy", known)).toBeUndefined();
  // A third of its letters, and three at most.
  expect(nearestName("abcdXX", ["abcdef"])).toBe("abcdef");
  expect(nearestName("abcXXX", ["abcdef"])).toBeUndefined();
  expect(nearestName("abcdefghijklXXX", ["abcdefghijklmno"])).toBe("abcdefghijklmno");
  expect(nearestName("abcdefghijkXXXX", ["abcdefghijklmno"])).toBeUndefined();
  expect(nearestName("abcdefghijklmnopqr", ["abcdefghijklmno"])).toBe("abcdefghijklmno");
  expect(nearestName("abcdefghijklmnopqrs", ["abcdefghijklmno"])).toBeUndefined();
});

test("the one that differs least is meant, and of those that differ alike the first", () => {
  expect(nearestName("handlers", ["handled", "handler"])).toBe("handler");
  expect(nearestName("handlex", ["handler", "handled"])).toBe("handler");
  expect(nearestName("handler", ["handled", "handler"])).toBe("handler");
});

test("letters that are swapped or missing, or that are too many, count once each", () => {
  const letters = fc.string({ unit: fc.constantFrom(..."abcdefgh"), minLength: 10, maxLength: 20 });
  fc.assert(
    fc.property(letters, fc.nat(), (name, number) => {
      const at = number % (name.length - 1);
      const [left, right] = [name.slice(0, at), name.slice(at)];
      const swapped = left + right.charAt(1) + right.charAt(0) + right.slice(2);
      // Three such mistakes are allowed, so two more letters besides show that it was one.
      for (const mistaken of [
        swapped,
        left + right.slice(1),
        `${left}x${right}`,
        `${left}x${right.slice(1)}`,
      ]) {
        expect(nearestName(`zz${mistaken}`, [name])).toBe(name);
        if (mistaken !== name) expect(nearestName(mistaken, [name, `${name}zz`])).toBe(name);
      }
      expect(nearestName(`zzzz${name}`, [name])).toBeUndefined();
    }),
  );
});
