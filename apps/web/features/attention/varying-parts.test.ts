import { expect, test } from "vitest";
import { varyingParts } from "./varying-parts.ts";

const marked = (message: string, ...others: string[]) =>
  varyingParts(message, others)
    .map(({ text, varies }) => (varies ? `[${text}]` : text))
    .join("");

test("marks what differs between occurrences, and only that", () => {
  expect(
    marked(
      "POST /bookings answered 503 after 2043 ms for order-7",
      "POST /bookings answered 503 after 1987 ms for order-9",
    ),
  ).toBe("POST /bookings answered 503 after [2043] ms for [order-7]");
});

test("quoted values and ids count as one part", () => {
  expect(marked('No room in "Hotel Nikko"', 'No room in "Casa Camper"')).toBe('No room in ["Hotel Nikko"]');
  expect(
    marked("Run 01a209c1-f0f5-7d66-b29a-24c3caf1bc5b lost", "Run 01a20000-f0f5-7d66-b29a-24c3caf1bc5b lost"),
  ).toBe("Run [01a209c1-f0f5-7d66-b29a-24c3caf1bc5b] lost");
});

test("one occurrence has nothing to differ from, and the text stays whole", () => {
  const message = "answered 503 after 2043 ms";
  expect(marked(message)).toBe(message);
  expect(
    varyingParts(message, ["something else entirely"])
      .map(({ text }) => text)
      .join(""),
  ).toBe(message);
});
