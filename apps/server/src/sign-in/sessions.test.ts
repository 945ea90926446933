import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EncryptJWT, UnsecuredJWT } from "jose";
import { expect, onTestFinished, test } from "vitest";
import { EndedSessions } from "./ended-sessions.ts";
import { sessionKey } from "./session-key.ts";
import { Sessions } from "./sessions.ts";

const ada = { issuer: "local", subject: "ada" };
const minute = 60_000;

function stage() {
  const directory = mkdtempSync(join(tmpdir(), "downbeat-sessions-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const world = { now: Date.now() };
  const now = () => world.now;
  /** As after a restart. */
  const open = (key = sessionKey(join(directory, "key"))) =>
    new Sessions({
      key,
      ended: new EndedSessions(join(directory, "ended"), now),
      idleMs: 30 * minute,
      longestMs: 600 * minute,
      now,
    });
  return { world, open };
}

test("a session is known by its seal, after a restart too, and by no other's key", async () => {
  const { open } = stage();
  const sessions = open();
  const session = sessions.begin(ada);
  const seal = await sessions.seal(session);
  expect(await sessions.open(seal)).toEqual(session);
  expect(await open().open(seal)).toEqual(session);
  expect(await open(randomBytes(32)).open(seal)).toBeUndefined();
  expect(seal).not.toContain(Buffer.from("ada").toString("base64url"));
});

test("a seal that was changed, cut, forged or made for something else is none", async () => {
  const { open } = stage();
  const key = randomBytes(32);
  const sessions = open(key);
  const session = sessions.begin(ada);
  const seal = await sessions.seal(session);
  const { id: sid, since, sealed } = session;
  const unsigned = new UnsecuredJWT({ sid, since, sealed })
    .setIssuer("local")
    .setSubject("ada")
    .setAudience("downbeat session");
  const otherwise = new EncryptJWT({ sid, since, sealed })
    .setIssuer("local")
    .setSubject("ada")
    .setAudience("something else");
  const less = new EncryptJWT({ sid }).setSubject("ada").setAudience("downbeat session");
  const header = { alg: "dir", enc: "A256GCM" };
  const bad = [
    "",
    "x",
    seal.slice(0, -1),
    seal.slice(0, -3) + (seal.endsWith("AAA") ? "BBB" : "AAA"),
    unsigned.encode(),
    await otherwise.setProtectedHeader(header).encrypt(key),
    await less.setProtectedHeader(header).encrypt(key),
  ];
  for (const each of bad) expect(await sessions.open(each)).toBeUndefined();
});

test("a session of which nothing is heard ends, and one that is used goes on to its longest", async () => {
  const { world, open } = stage();
  const sessions = open();
  const session = sessions.begin(ada);
  const seal = await sessions.seal(session);
  for (let time = 0; time < 20; time++) {
    world.now += 29 * minute;
    expect(await sessions.open(seal)).toEqual(session);
  }
  world.now += 29 * minute;
  expect(await sessions.open(seal)).toBeUndefined();

  const idle = sessions.begin(ada);
  const idleSeal = await sessions.seal(idle);
  world.now += 30 * minute;
  expect(await sessions.open(idleSeal)).toBeUndefined();
});

test("a seal of some age is made again, of the same session, that ends no later for it", async () => {
  const { world, open } = stage();
  const sessions = open();
  const session = sessions.begin(ada);
  expect(sessions.renewed(session)).toBeUndefined();
  world.now += minute;
  const renewed = sessions.renewed(session);
  expect(renewed).toEqual({ ...session, sealed: world.now });
});

test("a session that was ended stays so, by whatever seal and after a restart", async () => {
  const { world, open } = stage();
  const sessions = open();
  const session = sessions.begin(ada);
  const seals = [await sessions.seal(session)];
  world.now += 2 * minute;
  seals.push(await sessions.seal(sessions.renewed(session) ?? session));
  const another = await sessions.seal(sessions.begin(ada));
  sessions.end(session);
  for (const seal of seals) {
    expect(await sessions.open(seal)).toBeUndefined();
    expect(await open().open(seal)).toBeUndefined();
  }
  expect(await open().open(another)).toBeDefined();
});
