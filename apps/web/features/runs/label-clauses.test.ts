import { parseLabels } from "@downbeat/domain";
import fc from "fast-check";
import { expect, test } from "vitest";
import { begunIn, completed, withClause } from "./label-clauses.ts";

test("keys are completed first, then values, of the last condition", () => {
  expect(begunIn("cus")).toEqual({ before: "", beginning: "cus" });
  expect(begunIn("customer=ac")).toEqual({ before: "customer=", key: "customer", beginning: "ac" });
  expect(begunIn("a=1 OR NOT cus")).toEqual({ before: "a=1 OR NOT ", beginning: "cus" });
  expect(begunIn("a=1 AND customer!=")).toEqual({
    before: "a=1 AND customer!=",
    key: "customer",
    beginning: "",
  });
  expect(begunIn("amount>=1")).toBeUndefined();
  expect(begunIn("")).toBeUndefined();
});

test("what is completed asks for what was found, whatever is in it", () => {
  expect(completed({ before: "", beginning: "cus" }, "customer")).toBe("customer=");
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1 }), fc.string({ unit: "binary" }), (key, value) => {
      const text = completed(
        { before: completed({ before: "", beginning: "" }, key), key, beginning: "" },
        value,
      );
      expect(parseLabels(text)).toEqual({ clauses: [[{ key, test: "is", value }]] });
    }),
  );
});

test("a condition is asked once", () => {
  const clause = [{ key: "a", test: "is", value: "1" } as const];
  expect(withClause(withClause([], clause), clause)).toEqual([clause]);
});
