import { expect, test } from "vitest";
import { may, roles } from "../permissions/policy.ts";
import { Reveals, revealEnd, revealedTo, revealMs } from "./reveals.ts";

test.each(roles)("what was revealed stays so for %s only if they may still reveal it", (role) => {
  const reveals = new Reveals(() => 1);
  const ada = { actor: "ada", session: "s" };
  reveals.open(ada, "r");
  expect(revealEnd({ ...ada, role, reveals }, "r")).toBe(
    may(role, "revealMasked") ? 1 + revealMs : undefined,
  );
  expect(revealedTo({ ...ada, role, reveals })("r")).toBe(may(role, "revealMasked"));
  expect(revealedTo({ ...ada, role, reveals })("q")).toBe(false);
});
