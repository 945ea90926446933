import fc from "fast-check";
import { expect, test } from "vitest";
import { returnTo } from "./return-to.ts";

test("people come to where they were going", () => {
  expect(returnTo("/acme/orders/runs/a%2Fb?row=j1")).toBe("/acme/orders/runs/a%2Fb?row=j1");
  expect(returnTo("/acme/orders/runs?_rsc=1x&status=stuck")).toBe("/acme/orders/runs?status=stuck");
});

test.each([
  "https://evil.example/",
  "//evil.example",
  "/\\evil.example",
  "\\\\evil.example",
  "/\t/evil.example",
  "/..//evil.example",
  "/.//evil.example",
  "/%5c%5cevil.example\\..\\..//evil.example",
  "javascript:alert(1)",
  "runs",
  "",
  "/signin?to=/signin",
  "/signout",
  "/trpc/public/default/runs.list",
  `/${"a".repeat(3_000)}`,
])("%j leads to the first page", (given) => {
  expect(returnTo(given)).toBe("/");
});

test("whatever is given, a browser stays at this server", () => {
  const piece = fc.constantFrom(
    "/",
    "\\",
    "//",
    "..",
    ".",
    "evil.example",
    "\t",
    "\n",
    "@",
    ":",
    "http:",
    "?",
    "#",
    "%2f",
    " ",
  );
  const given = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(piece).map((parts) => `/${parts.join("")}`),
  );
  fc.assert(
    fc.property(given, (text) => {
      expect(new URL(returnTo(text), "https://downbeat.example").origin).toBe("https://downbeat.example");
      expect(returnTo(text)).toMatch(/^\/(?![/\\])[^\r\n]*$/);
    }),
    { numRuns: 2_000 },
  );
});
