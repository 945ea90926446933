import { expect, test } from "vitest";
import { longestTokenMs, tokenName } from "./token-name.ts";

test("a token is named in lowercase letters, digits and four signs, by 40 at most", () => {
  const fine = ["a", "0", "ci", "reports@nightly", "a.b_c-d", "x".repeat(40)];
  for (const name of fine) expect(tokenName.safeParse(name).success, name).toBe(true);
  const odd = ["", "A", "-a", ".a", "@a", "a b", "a/b", "a\n", "ä", "x".repeat(41), "a\nb"];
  for (const name of odd) expect(tokenName.safeParse(name).success, JSON.stringify(name)).toBe(false);
});

test("a token is good for a leap year at most", () => {
  expect(longestTokenMs).toBe(Date.UTC(2025, 0) - Date.UTC(2024, 0));
});
