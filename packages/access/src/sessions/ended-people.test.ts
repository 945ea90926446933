import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { EndedPeople, endSessionsOf } from "./ended-people.ts";

const ada = "https://login.example.com|00u1";

test("what one person began before is ended, and neither what they begin later nor anybody else's", () => {
  const directory = mkdtempSync(join(tmpdir(), "downbeat-people-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, "people.json");
  const world = { now: 0 };
  const people = new EndedPeople({ path, now: () => world.now, onTrouble: () => {} });
  expect(people.has(ada, 5_000)).toBe(false);
  endSessionsOf(path, ada, 10_000);
  endSessionsOf(path, "local|grace", 20_000);
  endSessionsOf(path, ada, 30_000);
  world.now = 1_000;
  expect([29_999, 30_000, 30_001].map((at) => people.has(ada, at))).toEqual([true, true, false]);
  expect([20_000, 20_001].map((at) => people.has("local|grace", at))).toEqual([true, false]);
  expect(people.has("local|00u1", 0)).toBe(false);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("an end that no session can be older than is forgotten", () => {
  const directory = mkdtempSync(join(tmpdir(), "downbeat-people-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, "people.json");
  endSessionsOf(path, ada, 0);
  endSessionsOf(path, "local|grace", 400 * 86_400_000);
  const people = new EndedPeople({ path, now: () => 0, onTrouble: () => {} });
  expect(people.has(ada, 0)).toBe(false);
});
