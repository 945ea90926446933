import fc from "fast-check";
import { expect, test } from "vitest";
import { checkArguments, decoded } from "./read-text.ts";

test("text in another encoding is refused with the byte where it is seen, instead of losing letters", () => {
  const latin = Buffer.from('{"name":"Jörgen"}', "latin1");
  expect(() => decoded("guest.json", latin)).toThrow(
    "guest.json is not UTF-8 (byte 11). Save it as UTF-8, or convert it: iconv -f ISO-8859-1 -t UTF-8.",
  );
});

test("a byte order mark is no part of the text, in UTF-8 and UTF-16", () => {
  const text = '{"name":"Jörgen 🙂"}';
  const utf16 = Buffer.from(`\ufeff${text}`, "utf16le");
  for (const bytes of [Buffer.from(text), Buffer.from(`\ufeff${text}`), utf16, Buffer.from(utf16).swap16()])
    expect(decoded("guest.json", bytes)).toBe(text);
});

test("whatever bytes come, the text is theirs or they are refused", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 30 }),
    fc.string({ unit: "binary", maxLength: 20 }).map((text) => new Uint8Array(Buffer.from(text, "latin1"))),
  );
  fc.assert(
    fc.property(bytes, (given) => {
      fc.pre(!(given[0] === 0xff && given[1] === 0xfe) && !(given[0] === 0xfe && given[1] === 0xff));
      let text: string;
      try {
        text = decoded("it", given);
      } catch (error) {
        expect(String(error)).toMatch(/it is not UTF-8 \(byte \d+\)/);
        return;
      }
      const mark = Buffer.from(given).subarray(0, 3).equals(Buffer.from("\ufeff"));
      expect(Buffer.from(`${mark ? "\ufeff" : ""}${text}`)).toEqual(Buffer.from(given));
    }),
  );
});

test("arguments that lost letters before Node saw them are refused", () => {
  expect(() => checkArguments(["runs", "show", "J\ufffdrgen"])).toThrow("“J\ufffdrgen” is not UTF-8");
  checkArguments(["runs", "show", "Jörgen"]);
});
