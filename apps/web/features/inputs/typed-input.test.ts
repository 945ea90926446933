import { expect, test } from "vitest";
import { beginning, beginsAnew, touchedAt, withPart, withText } from "./typed-input.ts";

const begun = beginning('{"nights":1}');
const typed = withPart(begun, ["nights"], "3");
const schema = { type: "object" };
const newer = { type: "object", title: "newer" };

test("what was typed outlives a schema that arrives late, changes with a build or goes", () => {
  for (const name of [undefined, "bookTrip"])
    for (const [before, now] of [
      [undefined, schema],
      [schema, newer],
      [schema, undefined],
    ]) {
      expect(beginsAnew(typed, { schema: before, name }, { schema: now, name })).toBe(false);
      expect(beginsAnew(withText(begun, "{"), { schema: before, name }, { schema: now, name })).toBe(false);
      expect(beginsAnew(begun, { schema: before, name }, { schema: now, name })).toBe(true);
    }
});

test("for another taker a form begins again, but what was typed for one without a schema stays for another such", () => {
  const [one, other] = ["bookTrip", "sendInvoice"];
  expect(beginsAnew(typed, { schema, name: one }, { schema: newer, name: other })).toBe(true);
  expect(beginsAnew(typed, { schema, name: one }, { schema: undefined, name: other })).toBe(true);
  expect(beginsAnew(typed, { schema: undefined, name: one }, { schema: undefined, name: other })).toBe(false);
  expect(beginsAnew(begun, { schema: undefined, name: one }, { schema: undefined, name: other })).toBe(true);
});

test("text and value go together, and text that is no JSON leaves the value as it was", () => {
  expect(typed).toMatchObject({ text: '{\n  "nights": 3\n}', value: { nights: 3 }, isTyped: true });
  expect(withText(typed, '{"nights": ')).toMatchObject({ text: '{"nights": ', value: { nights: 3 } });
  expect(withText(typed, "{ }")).toMatchObject({ text: "{ }", value: {}, touched: [""] });
  expect(beginning(undefined)).toMatchObject({ text: "null", isTyped: false });
});

test("places that a person has been at are remembered once", () => {
  expect(touchedAt(touchedAt(typed, ["legs", 0]), ["legs", 0]).touched).toEqual(["/legs/0"]);
});

test("a part that is typed leaves the rest of the text as it was recorded", () => {
  const recorded = '{"id":3544790567247868102,"price":1.10,"2":"b","nights":1}';
  expect(beginning(recorded).text).toBe(
    '{\n  "id": 3544790567247868102,\n  "price": 1.10,\n  "2": "b",\n  "nights": 1\n}',
  );
  expect(withPart(beginning(recorded), ["nights"], "3").text).toBe(
    '{\n  "id": 3544790567247868102,\n  "price": 1.10,\n  "2": "b",\n  "nights": 3\n}',
  );
});

test("while the text is no JSON, a part goes into the last one that was", () => {
  expect(withPart(withText(begun, "{"), ["nights"], "2")).toMatchObject({ value: { nights: 2 } });
  expect(withPart(begun, [], undefined)).toMatchObject({ text: "null", value: undefined });
  expect(beginning("recorded as text").text).toBe('"recorded as text"');
});
