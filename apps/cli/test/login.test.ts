import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { freePort } from "../../server/test/free-port.ts";
import { openProvider } from "../../server/test/openid-provider.ts";
import { startGuarded } from "../../server/test/signed-in.ts";
import { openEngineering } from "../../server/test/stack.ts";
import { downbeat } from "./downbeat.ts";

vi.setConfig({ testTimeout: 240_000 });

async function open(login: object = {}, logUrl = "ws://127.0.0.1:9") {
  const provider = await openProvider();
  provider.device.isOn = true;
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const access = {
    accounts: undefined,
    address: url,
    roles: [{ role: "operator", who: { group: "ops" } }],
    provider: {
      issuer: provider.issuer,
      name: "Example Inc.",
      clientId: "downbeat",
      groups: "realm_access.roles",
      bearer: { audiences: ["downbeat-api", "downbeat-cli"] },
      login: { clientId: "downbeat-cli", ...login },
    },
  };
  const { accessFile, server } = await startGuarded(
    { DOWNBEAT_LOG_URL: logUrl, DOWNBEAT_PORT: String(port) },
    access,
  );
  const home = mkdtempSync(join(tmpdir(), "downbeat-config-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const file = join(home, "downbeat", "logins.json");
  const cli = (args: readonly string[], env: Record<string, string> = {}) =>
    downbeat(args, "", { XDG_CONFIG_HOME: home, DOWNBEAT_URL: url, ...env });
  return { provider, url, accessFile, server, file, cli };
}

test("who signs in with a code asks as themselves, with a token that is renewed, until they sign out", async () => {
  await using engineering = await openEngineering();
  const { provider, url, file, cli, server } = await open({}, engineering.url);
  const { device } = provider;
  const before = await cli(["runs", "list"]);
  expect(before).toMatchObject({ status: 2, err: expect.stringContaining("sign in with downbeat login") });

  const signingIn = cli(["login"]);
  await vi.waitFor(() => expect(device.polls).toBeGreaterThan(0), { timeout: 60_000 });
  device.says = "yes";
  const signedIn = await signingIn;
  expect(signedIn).toMatchObject({ status: 0, out: `You are signed in at ${url} as Ada Lovelace.\n` });
  for (const said of ["Example Inc.", `${provider.issuer}/activate`, "WDJB-MJHT", "good for 10 min"])
    expect(signedIn.err).toContain(said);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(signedIn.out + signedIn.err + server.output()).not.toContain(device.refreshToken);

  const first = device.refreshToken;
  const start = ["runs", "start", "trip", "--input", "{}", "--run-id", "t-1"];
  await vi.waitFor(async () => expect((await cli(start)).status).toBe(0), { timeout: 60_000, interval: 500 });
  expect((await cli(["runs", "show", "t-1", "--json"])).out).toContain(
    `Ada Lovelace <${provider.issuer}|00u1>`,
  );
  expect([device.refreshes, device.refreshToken]).toEqual([0, first]);

  // A token of the environment goes before.
  const other = await cli(["runs", "list"], { DOWNBEAT_TOKEN: "downbeat_x" });
  expect(other).toMatchObject({ status: 2, err: expect.stringContaining("This token is none of ours") });

  expect(await cli(["logout"])).toMatchObject({ status: 0, out: `You are signed out at ${url}.\n`, err: "" });
  expect(device.revoked).toEqual([first]);
  expect(readFileSync(file, "utf8")).not.toContain(first);
  expect((await cli(["runs", "list"])).status).toBe(2);
  expect(await cli(["logout"])).toMatchObject({ status: 0, out: `You are not signed in at ${url}.\n` });
});

test("commands at once renew a sign-in once, and one that the provider has ended is over", async () => {
  const { provider, url, cli } = await open({ sends: "idToken" });
  const { device } = provider;
  Object.assign(device, { says: "yes", tokenExpiresIn: 30 });
  expect((await cli(["login"])).status).toBe(0);
  device.tokenExpiresIn = 3_600;
  // There is no log here: what the server says of it, it says to who was let in.
  const asked = await Promise.all([1, 2, 3].map(() => cli(["runs", "list"])));
  for (const { err } of asked) expect(err).not.toMatch(/sign|token/i);
  expect(device.refreshes).toBe(1);
  Object.assign(device, { tokenExpiresIn: 1 });
  expect((await cli(["login"])).status).toBe(0);
  device.refreshToken = "another";
  await vi.waitFor(
    async () =>
      expect(await cli(["runs", "list"])).toMatchObject({
        status: 2,
        err: `Your sign-in at ${url} is over. Sign in again: downbeat login --url ${url}\n`,
      }),
    { timeout: 60_000 },
  );
});

test("whoever is not let in is told why, and nothing is kept", async () => {
  const { provider, file, cli } = await open();
  const { device } = provider;
  const refusals: [object, RegExp][] = [
    [{ says: "access_denied" }, /You were not let in at the provider\./],
    [{ says: "expired_token" }, /The code has run out/],
    [{ says: "authorization_pending", expiresIn: 2 }, /The code has run out/],
    [{ says: "unauthorized_client", expiresIn: 600 }, /allow the device flow for the client downbeat-cli/],
    [
      { says: "yes", claims: { aud: "another" } },
      /lets you do nothing: This token is for another application/,
    ],
  ];
  for (const [change, why] of refusals) {
    Object.assign(device, change);
    const { status, err } = await cli(["login"]);
    expect([status === 0, err]).toEqual([false, expect.stringMatching(why)]);
  }
  expect(() => statSync(file)).toThrow("ENOENT");
  Object.assign(device, { isOn: false, claims: {} });
  expect(await cli(["login"])).toMatchObject({
    status: 2,
    err: expect.stringContaining("knows no device flow"),
  });
});

test("whether a server takes a token is said before anybody comes with it", async () => {
  const { provider, accessFile } = await open();
  const token = await provider.sign({});
  const check = async (text: string) =>
    downbeat(["auth", "check", "public/default", "--token", "-", "--access", accessFile], text);
  expect((await check(token)).out).toMatch(
    /public\/default +operator[\s\S]*The server takes this token until 20/,
  );
  expect((await check(await provider.sign({ aud: "another" }))).out).toContain(
    "The server doesn't take this token. This token is for another application",
  );
  await provider.stop();
  expect((await check(token)).out).toContain("It is not known whether the server takes this token.");
});

test("sign-ins that others may read are not used, and none is sent for all to read", async () => {
  const { provider, file, cli } = await open();
  provider.device.says = "yes";
  expect((await cli(["login"])).status).toBe(0);
  chmodSync(file, 0o644);
  expect(await cli(["runs", "list"])).toMatchObject({ status: 2, err: expect.stringContaining("chmod 600") });
  chmodSync(file, 0o600);
  expect(await cli(["login", "--url", "http://downbeat.example.com"])).toMatchObject({
    status: 2,
    err: expect.stringContaining("Use https."),
  });
  expect(await cli(["logout", "--all"])).toMatchObject({ status: 0 });
});
