import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import {
  forgetSignedIn,
  namedSessions,
  nameOfSession,
  notedEveryMs,
  noteSignedIn,
  type SignedInSession,
  signedInSessions,
  sweepSignedIn,
} from "./signed-in.ts";

const hour = 60 * 60_000;
const anybody = () => true;

const ada: SignedInSession = {
  id: "local|ada",
  name: "Ada Lovelace",
  by: "account",
  roles: [{ role: "admin", in: ["*"] }],
  since: 0,
  seen: hour,
  idleUntil: 2 * hour,
  until: 10 * hour,
};

function folder(): string {
  const directory = mkdtempSync(join(tmpdir(), "downbeat-signed-in-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return join(directory, "signed-in");
}

test("who is signed in is read as it was written, latest first, and nothing of it is a session's id", () => {
  const place = folder();
  expect(signedInSessions(place, 0, anybody)).toEqual({ sessions: [], unreadable: 0 });
  noteSignedIn(place, "secret-1", ada);
  noteSignedIn(place, "../secret/2", { ...ada, id: "local|grace", seen: hour + 1 });
  noteSignedIn(place, "secret-1", { ...ada, name: "Ada" });
  const { sessions } = signedInSessions(place, hour, anybody);
  expect(sessions.map(({ id, name }) => [id, name])).toEqual([
    ["local|grace", "Ada Lovelace"],
    ["local|ada", "Ada"],
  ]);
  const names = readdirSync(place);
  expect(names).toHaveLength(2);
  expect(JSON.stringify([names, sessions])).not.toContain("secret");
  expect(statSync(place).mode & 0o077).toBe(0);
  for (const name of names) expect(statSync(join(place, name)).mode & 0o077).toBe(0);
  forgetSignedIn(place, nameOfSession("secret-1"));
  forgetSignedIn(place, nameOfSession("never was"));
  expect(signedInSessions(place, hour, anybody).sessions.map(({ id }) => id)).toEqual(["local|grace"]);
});

test("a session is listed to its end, with the minute that its owner may have been unheard of", () => {
  const place = folder();
  noteSignedIn(place, "a", ada);
  const listed = (now: number) => signedInSessions(place, now, anybody).sessions.length;
  expect(listed(ada.idleUntil + notedEveryMs - 1)).toBe(1);
  expect(listed(ada.idleUntil + notedEveryMs)).toBe(0);
  noteSignedIn(place, "a", { ...ada, idleUntil: 20 * hour });
  expect([listed(ada.until - 1), listed(ada.until)]).toEqual([1, 0]);
});

test("whoever may not be in any more is not listed, and swept away with what has ended", async () => {
  const place = folder();
  noteSignedIn(place, "a", ada);
  noteSignedIn(place, "b", { ...ada, id: "local|grace" });
  noteSignedIn(place, "c", { ...ada, idleUntil: 0 });
  const isGood = ({ id }: SignedInSession) => id !== "local|grace";
  expect(signedInSessions(place, hour, isGood).sessions).toHaveLength(1);
  await sweepSignedIn(place, hour, isGood);
  expect(readdirSync(place)).toHaveLength(1);
  expect(signedInSessions(place, hour, anybody).sessions).toEqual([ada]);
});

test("sessions are read with names from which none can be had, longest signed in first", async () => {
  const place = folder();
  const from = { address: "203.0.113.9", agent: "Mozilla/5.0" };
  noteSignedIn(place, "secret-2", { ...ada, since: 2, from });
  noteSignedIn(place, "secret-1", { ...ada, since: 1 });
  noteSignedIn(place, "secret-3", { ...ada, idleUntil: 0 });
  expect(await namedSessions(place, hour, ({ since }) => since < 3)).toEqual([
    { name: nameOfSession("secret-1"), session: { ...ada, since: 1 } },
    { name: nameOfSession("secret-2"), session: { ...ada, since: 2, from } },
  ]);
  expect(await namedSessions(place, hour, ({ since }) => since < 2)).toHaveLength(1);
  expect(await namedSessions(join(place, "none"), hour, anybody)).toEqual([]);
  expect(nameOfSession("secret-1")).not.toContain("secret");
});

test("an entry that is damaged hides no other one, is counted and stays", async () => {
  const place = folder();
  noteSignedIn(place, "a", ada);
  writeFileSync(join(place, "torn"), '{"id":');
  writeFileSync(join(place, "otherwise"), "{}");
  writeFileSync(join(place, "half.1.new"), "");
  mkdirSync(join(place, "a-folder"));
  await sweepSignedIn(place, hour, anybody);
  expect(signedInSessions(place, hour, anybody)).toEqual({ sessions: [ada], unreadable: 3 });
});

test("whatever somebody is called and a session's id is, they are listed once", () => {
  const place = folder();
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }), (sessionId, name) => {
      noteSignedIn(place, sessionId, { ...ada, name });
      expect(signedInSessions(place, hour, anybody).sessions.map((each) => each.name)).toEqual([name]);
      forgetSignedIn(place, nameOfSession(sessionId));
      expect(readdirSync(place)).toEqual([]);
    }),
    { numRuns: 50 },
  );
});
