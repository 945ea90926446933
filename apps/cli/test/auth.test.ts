import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { downbeat } from "./downbeat.ts";

vi.setConfig({ testTimeout: 120_000 });

test("what a token, or an account, would be allowed is said before anybody signs in", async () => {
  const directory = mkdtempSync(join(tmpdir(), "downbeat-auth-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const access = join(directory, "access.json");
  const roles = [
    { role: "operator", who: { group: "ops" }, in: ["acme/orders"] },
    { role: "viewer", who: "everyone", in: ["acme/*"] },
  ];
  const provider = { issuer: "https://login.example.com", clientId: "downbeat" };
  const write = (more: object) =>
    writeFileSync(access, JSON.stringify({ accounts: "accounts.json", roles, ...more }), { mode: 0o600 });
  const check = (args: readonly string[], input = "") =>
    downbeat(["auth", "check", ...args, "--access", access], input);
  write({ address: "https://downbeat.example.com", provider });
  expect((await check([])).out).toBe(`${access} can be used: 2 rules.\nNothing needs a second person.\n`);
  const claims = { sub: "00u1", name: "Ada", groups: ["ops"] };
  const token = ["e30", Buffer.from(JSON.stringify(claims)).toString("base64url"), "x"].join(".");
  for (const given of [JSON.stringify(claims), token]) {
    const { out } = await check(["acme/orders", "acme/billing", "other/x", "--token", "-"], given);
    expect(out).toMatch(
      /^Ada \(https:\/\/login\.example\.com\|00u1\)\nNAMESPACE.*\nacme\/orders +operator +\{"group":"ops"\}\nacme\/billing +viewer +"everyone"\nother\/x +no role/,
    );
  }
  expect((await check(["--token", "-"], "nonsense")).status).toBe(2);
  expect((await check(["acme", "--token", "-"], token)).err).toContain("acme is no namespace");
  expect(await check(["--account", "nobody"])).toMatchObject({ status: 3 });
  write({ provider });
  expect(await check([])).toMatchObject({
    status: 1,
    err: expect.stringContaining("address: the provider has to be told"),
  });
});

test("what needs a second person is said with what engines of their own have to be told", async () => {
  const directory = mkdtempSync(join(tmpdir(), "downbeat-auth-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const access = join(directory, "access.json");
  const written = {
    accounts: "accounts.json",
    roles: [{ role: "admin", who: "everyone" }],
    secondPerson: [{ bulkAbove: 1000 }, { terminate: true, bulkAbove: 100, expires: "2h", in: ["acme/*"] }],
  };
  writeFileSync(access, JSON.stringify(written), { mode: 0o600 });
  const check = (...args: readonly string[]) => downbeat(["auth", "check", ...args, "--access", access]);
  const { out } = await check();
  expect(out).toContain("*: Acting on more than 1,000 at once needs a second person, within ");
  expect(out).toContain("DOWNBEAT_SECOND_PERSON=bulk:");
  expect(out).toContain("acme/*: Terminating runs and acting on more than 100 at once need a second person");
  expect(out).toContain("DOWNBEAT_SECOND_PERSON=terminate,bulk:");
  const json = await check("acme/orders", "other/x", "--json");
  expect(JSON.parse(json.out)).toMatchObject({
    roles: 1,
    secondPerson: [
      { in: "acme/orders", rule: { terminate: true, bulkAbove: 100 }, engines: "terminate,bulk" },
      { in: "other/x", rule: { terminate: false, bulkAbove: 1_000 }, engines: "bulk" },
    ],
  });
  expect((await check("acme")).status).toBe(2);
});
