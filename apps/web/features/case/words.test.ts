import { expect, test } from "vitest";
import { caseWords } from "./words.ts";

test("every language has every word, and none of its own", () => {
  for (const words of Object.values(caseWords)) {
    expect(Object.keys(words).sort()).toEqual(Object.keys(caseWords.en).sort());
    for (const [key, text] of Object.entries(words)) expect(text.trim(), key).not.toBe("");
  }
  const same = Object.entries(caseWords.de).filter(([key, text]) => Reflect.get(caseWords.en, key) === text);
  expect(same).toEqual([]);
});
