import type { NamedSession } from "@downbeat/access";
import { expect, test } from "vitest";
import type { OwnSessions } from "../sign-in/own-sessions.ts";
import { accountDesk } from "./account-desk.ts";

const person = "https://login.example.com|00u1";

const named = (name: string): NamedSession => ({
  name,
  session: {
    id: person,
    name: "Ada Lovelace",
    by: "provider",
    roles: [],
    since: 1,
    seen: 2,
    idleUntil: 3,
    until: 4,
  },
});

/** Of somebody whose password is the provider's. */
function stage({ isFresh }: { readonly isFresh: boolean }) {
  const ended: string[] = [];
  const own = {
    of: async (whose: string) => (whose === person ? [named("there"), named("here")] : []),
    end: ({ name }: NamedSession) => void ended.push(name),
  } satisfies Pick<OwnSessions, "of" | "end">;
  const parts = {
    own,
    mostSessions: 20,
    password: undefined,
    goOn: async () => {},
    elsewhere: () => () => {},
  };
  return { ended, desk: accountDesk(parts, { person, current: "here", isFresh }) };
}

test("whoever came from the provider some time ago signs in again before they end a session", async () => {
  const { desk, ended } = stage({ isFresh: false });
  expect(desk.confirmBy).toBe("signIn");
  await expect(desk.endSession("there", "")).rejects.toThrow("Sign in again first");
  await expect(desk.endOthers("")).rejects.toThrow("Sign in again first");
  expect(ended).toEqual([]);
});

test("whoever has just come from there ends them at once, and not the one that they use", async () => {
  const { desk, ended } = stage({ isFresh: true });
  expect(desk.confirmBy).toBe("nothing");
  await expect(desk.endSession("here", "")).rejects.toThrow("sign out instead");
  expect(await desk.endOthers("")).toBe(1);
  expect(ended).toEqual(["there"]);
});

test("the session in use comes first, then those that were seen last", async () => {
  const { desk } = stage({ isFresh: true });
  expect((await desk.sessions()).map(({ id, isThis }) => [id, isThis])).toEqual([
    ["here", true],
    ["there", undefined],
  ]);
});

test("a password that the provider keeps is not changed here", async () => {
  const { desk } = stage({ isFresh: true });
  await expect(desk.changePassword({ current: "a", wanted: "b" })).rejects.toThrow("change it there");
});
