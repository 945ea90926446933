import fc from "fast-check";
import { expect, test } from "vitest";
import { maskedIssues } from "./masked-issues.ts";
import { valueAt } from "./value-at.ts";

test("what was not kept is said at its place", () => {
  const value = { customer: { email: "•••", name: "Ada" }, notes: ["fine", "to •••"], n: 1, none: null };
  expect(maskedIssues(value).map(({ path }) => path)).toEqual([
    ["customer", "email"],
    ["notes", 1],
  ]);
  expect(maskedIssues("•••")).toMatchObject([{ path: [] }]);
  expect(maskedIssues({ fine: "• • •" })).toEqual([]);
});

test("each place has something masked, whatever the value", () => {
  const text = fc.oneof(fc.string(), fc.constant("•••"));
  fc.assert(
    fc.property(fc.jsonValue(), fc.dictionary(fc.string(), fc.array(text)), (more, fields) => {
      const value: unknown = JSON.parse(JSON.stringify({ ...fields, more }));
      const issues = maskedIssues(value);
      for (const { path } of issues) expect(valueAt(value, path)).toContain("•••");
      expect(issues).toHaveLength(
        Object.values(fields)
          .flat()
          .filter((each) => each === "•••").length,
      );
    }),
  );
});
