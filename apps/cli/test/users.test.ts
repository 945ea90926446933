import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { downbeat } from "./downbeat.ts";

vi.setConfig({ testTimeout: 120_000 });

const password = "correct horse battery";

function place() {
  const directory = mkdtempSync(join(tmpdir(), "downbeat-users-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const access = join(directory, "access.json");
  const users = (args: readonly string[], input = "") =>
    downbeat(["users", ...args, "--access", access], input);
  return { directory, access, accounts: join(directory, "accounts.json"), users };
}

test("the first account comes with an access file, and nowhere stands a password", async () => {
  const { access, accounts, users } = place();
  const added = await users(
    ["add", "ada", "--full-name", "Ada Lovelace", "--group", "admins"],
    `${password}\n`,
  );
  expect(added).toMatchObject({ status: 0, out: expect.stringContaining("ada may sign in.") });
  expect(added.out).toContain("is made: the group admins may do everything");
  for (const file of [access, accounts]) {
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, "utf8")).not.toContain(password);
  }
  expect((await users(["list"])).out).toMatch(/^NAME.*\nada +Ada Lovelace +admins +may sign in/);
  expect(JSON.parse((await users(["list", "--json"])).out)).toEqual({
    users: [
      { name: "ada", id: "local|ada", fullName: "Ada Lovelace", groups: ["admins"], isDisabled: false },
    ],
  });
});

test("what can't be is refused, and changes nothing", async () => {
  const { accounts, users } = place();
  expect((await users(["add", "Ada"], password)).err).toContain("lowercase letters");
  expect(await users(["add", "ada"], "short")).toMatchObject({
    status: 2,
    err: expect.stringContaining("12 characters"),
  });
  for (const [easy, why] of [
    ["passwordpassword", "among those that are tried first"],
    ["Ada Lovelace 1815", "names that anybody knows"],
  ] as const)
    expect(await users(["add", "ada", "--full-name", "Ada Lovelace"], easy)).toMatchObject({
      status: 2,
      err: expect.stringContaining(why),
    });
  await users(["add", "ada"], password);
  const before = readFileSync(accounts, "utf8");
  expect(await users(["add", "ada"], password)).toMatchObject({
    status: 4,
    err: expect.stringContaining("already"),
  });
  expect(await users(["disable", "grace"])).toMatchObject({
    status: 3,
    err: expect.stringContaining("no account grace"),
  });
  for (const bad of ["short", "ada ada ada ada"])
    expect(await users(["password", "ada"], bad)).toMatchObject({ status: 2 });
  expect(readFileSync(accounts, "utf8")).toBe(before);
});

test("an account is changed, disabled and removed; what ends its sessions says since when", async () => {
  const { accounts, users } = place();
  await users(["add", "ada"], password);
  const ada = () => JSON.parse(readFileSync(accounts, "utf8")).accounts[0];
  const first = ada();
  expect((await users(["groups", "ada", "ops", "admins"])).out).toBe("ada is in ops, admins.\n");
  expect(ada()).toMatchObject({ groups: ["ops", "admins"], sessionsSince: first.sessionsSince });
  await users(["password", "ada"], `${password} staple`);
  expect(ada().password).not.toBe(first.password);
  expect(ada().sessionsSince).toBeGreaterThan(first.sessionsSince);
  const { sessionsSince } = ada();
  await users(["sign-out", "ada"]);
  expect(ada().sessionsSince).toBeGreaterThan(sessionsSince);
  await users(["disable", "ada"]);
  expect(ada().isDisabled).toBe(true);
  await users(["enable", "ada"]);
  expect(ada().isDisabled).toBe(false);
  await users(["remove", "ada"]);
  expect(ada()).toBeUndefined();
  expect((await users(["list"])).out).toContain("no account");
});

test("an access file that can't be used says why, with the file", async () => {
  const { access, users } = place();
  writeFileSync(access, '{"accounts":"a.json","roles":[{"role":"root","who":"everyone"}]}', {
    mode: 0o600,
  });
  const { status, err } = await users(["add", "ada"], password);
  expect([status, err]).toEqual([
    1,
    expect.stringContaining(`${access} can't be used.\nroles[0].role: one of viewer`),
  ]);
});

test("an address that is not this machine's is refused to start at without sign-in, in containers too", async () => {
  for (const env of [{}, { DOWNBEAT_IN_CONTAINER: "true" }]) {
    const { status, err } = await downbeat(["start", "--host", "0.0.0.0"], "", env);
    expect([status, err]).toEqual([
      2,
      expect.stringContaining("unless people sign in (--access); --host 0.0.0.0 is refused"),
    ]);
  }
  const { access, users } = place();
  await users(["add", "ada"], password);
  const named = await downbeat(["start", "--access", access, "--host", "10.0.0.7"]);
  expect([named.status, named.err]).toEqual([2, expect.stringContaining("10.0.0.7 is neither")]);
});
