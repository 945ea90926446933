import fc from "fast-check";
import { expect, test } from "vitest";
import { frameOf, placeOf, shortPlace } from "./stack-frames.ts";

const stack = `ServiceUnavailable: POST http://hotels.internal:8443/bookings answered 503
    at fetchJson (/srv/travel/node_modules/got/dist/index.js:10:2)
    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)
    at async bookHotel (file:///srv/travel/src/jobs/hotel.ts:41:11)
    at async runAttempt (/srv/travel/node_modules/@downbeat/sdk/src/worker.ts:118:20)`;

test("an error's place is the first line of one's own code, not of a library or of Node.js", () => {
  const place = placeOf(stack);
  expect(place).toMatchObject({
    name: "bookHotel",
    file: "/srv/travel/src/jobs/hotel.ts",
    line: 41,
    column: 11,
  });
  expect(place === undefined ? "" : shortPlace(place)).toBe("…/src/jobs/hotel.ts:41");
});

test("where all is a library's, it is the first line", () => {
  expect(placeOf(stack.split("\n").slice(0, 3).join("\n"))?.file).toContain("got/dist/index.js");
});

test.each([
  ["    at /srv/a.ts:1:2", undefined, "/srv/a.ts"],
  ["    at C:\\work\\a.ts:1:2", undefined, "C:\\work\\a.ts"],
  ["    at new Hotel (src/a b.ts:1:2)", "new Hotel", "src/a b.ts"],
  ["    at async Promise.all (index 0)", undefined, undefined],
  ["    at Object.<anonymous> (src/a.ts:1:2)", "Object.<anonymous>", "src/a.ts"],
  ["Error: at 10:20 nothing came", undefined, undefined],
])("%s", (text, name, file) => {
  expect([frameOf(text)?.name, frameOf(text)?.file]).toEqual([name, file]);
});

test("whatever the name and the file, a frame is read as it was written", () => {
  const word = fc.stringMatching(/^[\w.<>[\]:-]{1,20}$/);
  fc.assert(
    fc.property(word, word, fc.nat(99_999), fc.nat(999), (name, file, line, column) => {
      const frame = frameOf(`    at ${name} (/${file}:${line}:${column})`);
      expect(frame).toMatchObject({ file: `/${file}`, line, column });
      expect(frame?.name ?? "<anonymous>").toBe(name);
    }),
  );
});

test("whatever stands in a stack, looking for its place ends", () => {
  fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => void placeOf(text)));
  expect(placeOf(`at ${"(:1".repeat(50_000)}`)).toBeUndefined();
  expect(placeOf("at ::".repeat(50_000))).toBeUndefined();
});
