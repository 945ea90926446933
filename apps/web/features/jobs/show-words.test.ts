import { expect, test } from "vitest";
import { countedAs } from "./show-words.ts";

test("the head of the list says what it counts", () => {
  const range = { type: "all" } as const;
  expect(countedAs({ show: "stuck", range })).toBe("job");
  expect(countedAs({ show: "completed", range })).toBe("job");
  expect(countedAs({ show: "failedAttempts", range })).toBe("attempt");
  expect(countedAs({ show: "failedAttempts", range, error: "", kind: "code" })).toBe("error");
});
