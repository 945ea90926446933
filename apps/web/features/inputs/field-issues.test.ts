import { issuesText, schemaCheck } from "@downbeat/protocol";
import { expect, test } from "vitest";
import { FieldIssues, issuesOfRefusal } from "./field-issues.ts";
import { valueAt } from "./value-at.ts";

const schema = {
  type: "object",
  properties: {
    tripId: { type: "string" },
    nights: { type: "integer" },
    legs: { type: "array", items: { type: "object", properties: { to: { type: "string", minLength: 3 } } } },
  },
  required: ["tripId"],
};

test("each place has what is wrong with it, in few words", () => {
  const value = { nights: "three", legs: [{}, { to: "L" }] };
  const issues = new FieldIssues(schemaCheck(schema)(value), (path) => valueAt(value, path));
  expect(issues.at(["tripId"])).toBe("Needed.");
  expect(issues.at(["nights"])).toBe("Expected a number.");
  expect(issues.at(["legs", 1, "to"])).toBe("Too small: expected string to have >=3 characters");
  expect(issues.at(["legs"])).toBeUndefined();
  expect(issues.within(["legs"])).toBe("Too small: expected string to have >=3 characters");
  expect(issues.at(["legs", 0, "to"])).toBeUndefined();
  expect(issues.places).toBe("tripId, nights, legs[1].to don't fit.");
});

test("what is wrong with the whole is said, and of many places the first", () => {
  const strict = { type: "object", properties: {}, additionalProperties: false };
  const whole = new FieldIssues(schemaCheck(strict)({ extra: 1 }), () => 1);
  expect(whole.at([])).toBe('Unrecognized key: "extra"');
  expect(whole.places).toBe("The whole doesn't fit.");
  const list = new FieldIssues(
    schemaCheck({ type: "array", items: { type: "string" } })([1, 2, 3, 4, 5, 6, 7]),
    () => 1,
  );
  expect(list.places).toBe("[0], [1], [2], [3], [4] and 2 more don't fit.");
  expect(new FieldIssues([], () => 1).places).toBeUndefined();
});

test("the engine's refusal is shown at the fields that it names", () => {
  const found = [
    { message: "no such time zone", path: ["timeZone"] },
    { message: "odd", path: ["a b", "x.y"] },
    { message: "Too short", path: ["legs", 1, "to"] },
  ];
  const text = `The input does not fit bookTrip.\n${issuesText(found)}`;
  expect(issuesOfRefusal(text)).toEqual(found);
  expect(issuesOfRefusal("There is no workflow x.")).toEqual([]);
});
