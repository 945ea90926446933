import fc from "fast-check";
import { expect, test } from "vitest";
import { shownText } from "./shown-text.ts";

test("what would turn a text around, hide in it or move the cursor is shown by its number", () => {
  expect(shownText("pay\u202e001 ot\u202c")).toBe("pay\\u202e001 ot\\u202c");
  expect(shownText("a\u200bb\u2066c\ufeffd\u0007\u001b[31m")).toBe(
    "a\\u200bb\\u2066c\\ufeffd\\u0007\\u001b[31m",
  );
  expect(shownText("\u{e0041}")).toBe("\\udb40\\udc41");
});

test("lines, tabs, emoji and scripts of all kinds stay as they are", () => {
  for (const text of ["a\n\tb", "👩‍👩‍👧 予約 مرحبا میخواهم", "", "<b>&amp;"])
    expect(shownText(text)).toBe(text);
});

test("nothing that steers is left of any text, and what has none of it is not touched", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const shown = shownText(text);
      expect(shown).not.toMatch(
        /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/,
      );
      expect(shownText(shown)).toBe(shown);
      if (/^[\x20-\x7e]*$/.test(text)) expect(shown).toBe(text);
    }),
  );
});
