import fc from "fast-check";
import { expect, test } from "vitest";
import type { Step } from "../fold/run-fold.ts";
import { holdsContent, plainPart, rowHolds } from "./content.ts";

type Events = Step["events"];
const stepsOf = (...events: Events): Step[] => [{ seq: 1, at: 1, inputId: "i", events }];
const completed = (output: string): Step[] => stepsOf({ type: "JobCompleted", jobId: "j1", output });
const holds = (steps: readonly Step[], text: string) => rowHolds(JSON.stringify(steps), text);

test("inputs, outputs, what signals carry, and errors with all that they tell are searched; names and ids are not", () => {
  const failure = {
    kind: "technical",
    name: "CardError",
    message: "The card was declined.",
    details: '{"network":"visa"}',
    stack: "at charge.ts:41",
    causes: [{ depth: 1, name: "Error", message: "no route" }],
  } as const;
  const steps = stepsOf(
    { type: "RunStarted", workflow: "bookTrip", input: '{"guest":"Mia"}', labels: { region: "eu" } },
    { type: "SignalReceived", signalId: "s1", name: "approve", payload: '"by phone"' },
    { type: "AttemptFailed", jobId: "j1", attempt: 1, failure },
    { type: "RunCompleted", output: "[12.50]" },
  );
  for (const text of [
    "mia",
    "GUEST",
    "by phone",
    "declined",
    "carderror",
    "visa",
    "charge.ts:41",
    "no route",
    "12.50",
  ])
    expect([text, holds(steps, text)]).toEqual([text, true]);
  for (const text of ["bookTrip", "approve", "RunStarted", "j1", "region", "nowhere"])
    expect([text, holds(steps, text)]).toEqual([text, false]);
});

test("a text is found as it was written and as it reads", () => {
  expect(holds(completed('{"name":"J\\u00fcrgen \\"JJ\\" M"}'), 'jürgen "jj"')).toBe(true);
  expect(holds(completed('{"name":"J\\u00fcrgen"}'), "j\\u00fcrgen")).toBe(true);
  expect(holds(completed('{"path":"a\\/b"}'), "a/b")).toBe(true);
  expect(holds(completed('{"a":1,"b":2}'), '"a":1,"b"')).toBe(true);
  expect(holds(completed('"ΟΔΟΣ ΑΘΗΝΑ"'), "οδοσ αθ")).toBe(true);
  expect(holds(completed('"ΟΔΟΣΑ"'), "ΟΔΟΣ")).toBe(true);
  expect(holds(completed('"東京都"'), "京")).toBe(true);
});

const written = fc
  .tuple(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom("plain", "escaped", "slashes", "indented"))
  .map(([value, how]) => {
    const text = JSON.stringify(value, undefined, how === "indented" ? 2 : undefined);
    if (how === "slashes") return text.replaceAll("/", "\\/");
    if (how !== "escaped") return text;
    return text.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  });

test("looking at a row without parsing it misses nothing, whatever is written in it and looked for", () => {
  fc.assert(
    fc.property(written, fc.string({ unit: "binary", minLength: 1, maxLength: 4 }), (output, text) => {
      const steps = completed(output);
      expect(holds(steps, text)).toBe(holdsContent(steps, text));
    }),
    { numRuns: 400 },
  );
  fc.assert(
    fc.property(written, fc.nat(), fc.integer({ min: 1, max: 12 }), (output, at, length) => {
      const begin = at % output.length;
      const text = output.slice(begin, begin + length);
      expect(holds(completed(output), text)).toBe(true);
    }),
    { numRuns: 400 },
  );
});

test("the plain part of a text is its longest that no JSON writes otherwise", () => {
  expect(plainPart('say "hello there" now')).toBe("hello there");
  expect(plainPart("a/b\\cde")).toBe("cde");
  expect(plainPart('"\\')).toBe("");
});
