import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nameOfSession, noteSignedIn, type SignedInSession } from "@downbeat/access";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { SignedInList } from "./signed-in-list.ts";

const ada = { id: "local|ada", name: "Ada", by: "account", roles: [] } satisfies Partial<SignedInSession>;
const minute = 60_000;

function stage() {
  const folder = mkdtempSync(join(tmpdir(), "downbeat-list-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const world = { now: 0 };
  const list = new SignedInList({
    folder,
    idleMs: 30 * minute,
    longestMs: 600 * minute,
    now: () => world.now,
    isGood: ({ since }) => since >= 0,
    logger: pino({ level: "silent" }),
  });
  const hear = (id: string, whose: Partial<typeof ada> = {}) =>
    list.hear({ id, issuer: "local", subject: "ada", since: world.now, sealed: world.now }, () => ({
      ...ada,
      ...whose,
    }));
  const names = async (person = ada.id) => (await list.of(person)).map(({ name }) => name);
  return { folder, world, list, hear, names };
}

test("what begins and ends here is known at once, and nobody's is among another's", async () => {
  const { list, hear, names } = stage();
  expect(await names()).toEqual([]);
  hear("first");
  hear("second");
  hear("of grace", { id: "local|grace" });
  expect((await names()).toSorted()).toEqual(["first", "second"].map(nameOfSession).toSorted());
  list.forgetNamed(nameOfSession("first"));
  expect(await names()).toEqual([nameOfSession("second")]);
  expect(await names("local|grace")).toEqual([nameOfSession("of grace")]);
});

test("what another server wrote is known within a second, however often somebody asks", async () => {
  const { folder, world, hear, names } = stage();
  hear("here");
  expect(await names()).toHaveLength(1);
  const there = { ...ada, since: 0, seen: 0, idleUntil: minute, until: minute };
  noteSignedIn(folder, "elsewhere", there);
  world.now = 1_000;
  expect(await names()).toHaveLength(1);
  world.now = 1_001;
  expect(await names()).toHaveLength(2);
});
