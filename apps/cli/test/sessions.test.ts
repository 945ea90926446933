import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { idOf, noteSignedIn, type SignedInSession } from "@downbeat/access";
import { expect, onTestFinished, test, vi } from "vitest";
import { downbeat } from "./downbeat.ts";

vi.setConfig({ testTimeout: 120_000 });

const issuer = "https://login.example.com";

function place(): string {
  const directory = mkdtempSync(join(tmpdir(), "downbeat-sessions-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

/** As a server leaves it at which people sign in. */
function used(directory: string): string {
  mkdirSync(join(directory, "sign-in"), { recursive: true, mode: 0o700 });
  writeFileSync(join(directory, "sign-in", "key"), "a key", { mode: 0o600 });
  return directory;
}

const end = (person: string, directory: string) =>
  downbeat(["sessions", "end", person, "--data-dir", directory]);
const endedIn = (directory: string) => readFileSync(join(directory, "sign-in", "people.json"), "utf8");

test("somebody's sessions are ended by their id, and what is no id is refused", async () => {
  const directory = used(place());
  const id = `${issuer}|00u1`;
  expect(await end(id, directory)).toMatchObject({
    status: 0,
    out: `All that ${id} began is ended. They may sign in again.\n`,
    err: expect.stringContaining("revoke their refresh tokens"),
  });
  expect(endedIn(directory)).toContain(id);
  expect(await end("local|ada", directory)).toMatchObject({ status: 0, err: "" });
  expect(await end("ada", directory)).toMatchObject({
    status: 2,
    err: expect.stringContaining("local|ada"),
  });
});

test("somebody with a long subject is ended as servers know them", async () => {
  const directory = used(place());
  const subject = "x".repeat(61);
  const id = idOf({ issuer, subject });
  expect(await end(`${issuer}|${subject}`, directory)).toMatchObject({
    status: 0,
    out: expect.stringContaining(id),
  });
  expect(endedIn(directory)).toContain(`"${id}"`);
  expect(await end(id, directory)).toMatchObject({ status: 0, out: expect.stringContaining(id) });
});

test("where no server keeps its sessions nothing is ended, made or said to be", async () => {
  const directory = place();
  expect(await end("local|ada", directory)).toMatchObject({
    status: 2,
    out: "",
    err: expect.stringContaining("nothing was ended. Give the server's own with --data-dir."),
  });
  expect(existsSync(join(directory, "sign-in"))).toBe(false);
  const cluster = used(join(directory, "pulsar", "broker_8080"));
  mkdirSync(join(directory, "pulsar", "another"));
  expect((await end("local|ada", directory)).err).toContain(`One is in ${cluster}: give that`);
  expect(existsSync(join(cluster, "sign-in", "people.json"))).toBe(false);
});

const hour = 60 * 60_000;

function signedIn(directory: string, sessionId: string, given: Partial<SignedInSession>): void {
  const now = Date.now();
  noteSignedIn(join(directory, "sign-in", "signed-in"), sessionId, {
    id: "local|ada",
    name: "Ada Lovelace",
    by: "account",
    roles: [
      { role: "admin", in: ["acme/orders", "acme/billing"] },
      { role: "viewer", in: ["*"] },
    ],
    since: now - hour,
    seen: now - hour / 2,
    idleUntil: now + hour,
    until: now + 2 * hour,
    ...given,
  });
}

const list = (directory: string, ...args: readonly string[]) =>
  downbeat(["sessions", "list", ...args, "--data-dir", directory]);

test("who is signed in is listed, of one person too, and nothing by which anybody could come in", async () => {
  const directory = used(place());
  expect(await list(directory)).toMatchObject({ status: 0, out: "Nobody is signed in.\n", err: "" });
  const until = Date.now() + 2 * hour;
  signedIn(directory, "secret-1", { until });
  signedIn(directory, "secret-2", {
    id: `${issuer}|00u1`,
    name: "Grace\u001b[2J",
    by: "provider",
    roles: [],
  });
  const all = await list(directory);
  expect(all).toMatchObject({ status: 0, err: "" });
  expect(all.out).toContain("admin in acme/orders, acme/billing; viewer in *");
  expect(all.out).toContain(new Date(until).toISOString());
  expect(all.out).toMatch(/00u1 .*no role .*30 min ago/);
  expect(all.out).not.toContain("\u001b");
  const { out } = await list(directory, "local|ada", "--json");
  expect(JSON.parse(out)).toEqual({
    sessions: [
      {
        id: "local|ada",
        name: "Ada Lovelace",
        by: "account",
        roles: [
          { role: "admin", in: ["acme/orders", "acme/billing"] },
          { role: "viewer", in: ["*"] },
        ],
        since: expect.any(Number),
        seen: expect.any(Number),
        until,
      },
    ],
    unreadable: 0,
  });
  expect(all.out + out).not.toContain("secret");
  expect((await list(directory, "local|linus")).out).toBe("local|linus is not signed in.\n");
  expect(await list(directory, "ada")).toMatchObject({ status: 2, out: "" });
});

test("whose sessions were ended is listed no more, nor what is not known where no server is", async () => {
  const directory = used(place());
  signedIn(directory, "secret-1", {});
  signedIn(directory, "secret-2", { id: "local|grace", name: "Grace" });
  expect(await end("local|ada", directory)).toMatchObject({ status: 0 });
  const { out } = await list(directory);
  expect(out).toContain("Grace");
  expect(out).not.toContain("Ada");
  writeFileSync(join(directory, "sign-in", "signed-in", "torn"), "{");
  expect((await list(directory)).err).toContain("1 entry of who is signed in can't be read");
  expect(await list(place())).toMatchObject({
    status: 2,
    out: "",
    err: expect.stringContaining("so nobody is known. Give the server's own with --data-dir."),
  });
});

// Nobody else can give files away.
test.runIf(process.getuid?.() === 0)("what root ends, the server can read", async () => {
  const directory = used(place());
  chownSync(join(directory, "sign-in"), 12_345, 12_345);
  expect(await end("local|ada", directory)).toMatchObject({ status: 0 });
  expect(statSync(join(directory, "sign-in", "people.json"))).toMatchObject({ uid: 12_345, mode: 0o100600 });
});
