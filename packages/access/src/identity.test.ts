import fc from "fast-check";
import { expect, test } from "vitest";
import { actorOf, idOf, shownName } from "./identity.ts";

const ada = { issuer: "local", subject: "ada", name: "Ada Lovelace", groups: [], claims: {} };

test("an actor is a name that people know, and an id that is theirs alone", () => {
  expect(actorOf(ada)).toBe("Ada Lovelace <local|ada>");
  expect(actorOf({ ...ada, name: "" })).toBe("<local|ada>");
  expect(actorOf({ ...ada, issuer: "https://login.example.com", subject: "00u1" })).toBe(
    "Ada Lovelace <https://login.example.com|00u1>",
  );
});

test("a name can't pass for somebody else's id, nor turn around what is written after it", () => {
  expect(actorOf({ ...ada, name: "Grace <local|grace>" })).toBe("Grace localgrace <local|ada>");
  expect(shownName("a\u202Eb\u200B\n\tc\u0000")).toBe("a b c");
});

const subject = fc.oneof(
  fc.string({ maxLength: 300, unit: "binary" }),
  fc.constantFrom("", "a|b", "sha256:x", "山田"),
);

test("whatever a provider calls people, the actor has its id at the end, of one person only, and fits into history", () => {
  const issuer = `https://${"x".repeat(82)}`;
  fc.assert(
    fc.property(subject, subject, fc.string({ unit: "binary", maxLength: 500 }), (one, other, name) => {
      const id = idOf({ issuer, subject: one });
      const actor = actorOf({ issuer, subject: one, name, groups: [], claims: {} });
      expect(actor.length).toBeLessThanOrEqual(200);
      expect(actor.isWellFormed()).toBe(true);
      expect(/<([^<>]*)>$/.exec(actor)?.[1]).toBe(id);
      expect(actor.indexOf("<")).toBe(actor.length - id.length - 2);
      if (one !== other) expect(idOf({ issuer, subject: other })).not.toBe(id);
    }),
  );
});
