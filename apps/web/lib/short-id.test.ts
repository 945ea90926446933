import { expect, test } from "vitest";
import { shortId } from "./short-id.ts";

test("a short id stays as it is", () => expect(shortId("booking-600194410")).toBe("booking-600194410"));

test("a long id keeps both of its ends and the wanted length", () => {
  const id = "01a209c1-f0f5-7d66-b29a-24c3caf1bc5b";
  expect(shortId(id)).toBe("01a209c1-f0…24c3caf1bc5b".slice(0, 12) + id.slice(-10));
  expect(shortId(id)).toHaveLength(22);
  expect(shortId(id, 9)).toBe("01a2…bc5b");
});
