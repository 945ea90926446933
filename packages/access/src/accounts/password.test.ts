import { expect, test } from "vitest";
import { hashPassword, isPassword, passwordHash, passwordProblem } from "./password.ts";

test("a password is known again by its hash, however its letters were typed, and no other is", async () => {
  const stored = await hashPassword("Caf\u00e9 au lait 4711");
  expect(passwordHash.safeParse(stored).success).toBe(true);
  expect(stored).not.toContain("lait");
  expect(await isPassword("Cafe\u0301 au lait 4711", stored)).toBe(true);
  expect(await isPassword("cafe\u0301 au lait 4711", stored)).toBe(false);
  expect(await isPassword("", stored)).toBe(false);
  expect(await hashPassword("Caf\u00e9 au lait 4711")).not.toBe(stored);
});

test("a hash that was made with other parameters is still known", async () => {
  const older = "scrypt$N=16384,r=8,p=1$c2FsdHNhbHRzYWx0c2FsdA$";
  const { scryptSync } = await import("node:crypto");
  const hash = scryptSync("correct horse", Buffer.from("c2FsdHNhbHRzYWx0c2FsdA", "base64url"), 32, {
    N: 16_384,
  });
  expect(await isPassword("correct horse", older + hash.toString("base64url"))).toBe(true);
});

test("without an account no password is right", async () => {
  expect(await isPassword("whatever it is", undefined)).toBe(false);
});

test.each([
  "",
  "plain",
  "scrypt$N=1000,r=8,p=1$c2FsdHNhbHRzYWx0c2FsdA$c2FsdHNhbHRzYWx0c2FsdA",
  "scrypt$N=1048576,r=32,p=9$c2FsdHNhbHRzYWx0c2FsdA$c2FsdHNhbHRzYWx0c2FsdA",
  "scrypt$N=32768,r=0,p=1$c2FsdHNhbHRzYWx0c2FsdA$c2FsdHNhbHRzYWx0c2FsdA",
])("%j is no hash, or would take a machine's memory", (text) => {
  expect(passwordHash.safeParse(text).success).toBe(false);
});

test("what makes no password is said", () => {
  expect(passwordProblem("short")).toContain("at least 12 characters");
  expect(passwordProblem("a".repeat(20))).toContain("different");
  expect(passwordProblem("ab".repeat(200))).toContain("at most 256");
  expect(passwordProblem("correct horse battery")).toBeUndefined();
  // As they are hashed: marks become a part of their letters.
  expect(passwordProblem("a\u0308b\u0308c\u0308d\u0308e\u0308f\u0308")).toContain("at least 12");
  // Characters, not halves of them.
  expect(passwordProblem("😀😁😂🤣😃😄")).toContain("at least 12");
});
