import { expect, test } from "vitest";
import { amountWords } from "./owed-words.ts";

test("a path is said as a name and whose it is", () => {
  expect(amountWords("input.price.cents")).toBe("price.cents, of what the undo is given");
  expect(amountWords(String.raw`label.shop\.no`)).toBe("shop.no, of a label");
  expect(amountWords("output")).toBe("the number that is the receipt of what was done");
  expect(amountWords("constructor.x")).toBe("constructor.x");
});
