import { join } from "node:path";
import { endSessionsOf } from "@downbeat/access";
import { decodeJwt, UnsecuredJWT } from "jose";
import { expect, test, vi } from "vitest";
import { z } from "zod";
import { freePort } from "./free-port.ts";
import { openProvider } from "./openid-provider.ts";
import { startGuarded } from "./signed-in.ts";
import { openEngineering } from "./stack.ts";

vi.setConfig({ testTimeout: 120_000 });

const patience = { timeout: 60_000, interval: 200 };
const answered = z.object({ result: z.object({ data: z.record(z.string(), z.unknown()) }) });

async function open(more: object = { bearer: { audiences: ["downbeat-api"] } }, logUrl = "ws://127.0.0.1:9") {
  const provider = await openProvider();
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const access = {
    accounts: undefined,
    address: url,
    roles: [{ role: "operator", who: { group: "ops" } }],
    provider: { issuer: provider.issuer, clientId: "downbeat", groups: "realm_access.roles", ...more },
  };
  const { server } = await startGuarded({ DOWNBEAT_LOG_URL: logUrl, DOWNBEAT_PORT: String(port) }, access);
  const ask = async (token: string) => {
    const answer = await fetch(`${url}/trpc/public/default/me.get`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const text = await answer.text();
    return { status: answer.status, text, challenge: answer.headers.get("www-authenticate") };
  };
  return { provider, server, url, ask };
}

test("a service that comes with the provider's token is who it says, with the role of its groups", async () => {
  const { provider, server, ask } = await open();
  const token = await provider.sign({});
  const answer = await ask(token);
  expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
  const { data } = answered.parse(JSON.parse(answer.text)).result;
  expect(data).toMatchObject({
    role: "operator",
    actor: `Ada Lovelace <${provider.issuer}|00u1>`,
    signedIn: { name: "Ada Lovelace", by: "token" },
  });
  const nobody = await ask(await provider.sign({ realm_access: { roles: [] } }));
  expect([nobody.status, nobody.text]).toEqual([403, expect.stringContaining("You have no role in")]);
  expect(server.output()).not.toContain(token.split(".")[2]);
});

test("each token that is not taken is refused with its sentence, and with what clients of tokens look for", async () => {
  const { provider, ask } = await open();
  const now = Math.floor(Date.now() / 1_000);
  const other = await openProvider();
  const good = await provider.sign({});
  const refusals: [string, RegExp][] = [
    [await provider.sign({ exp: now - 3_600 }), /^This token was good until .*Get another one\.$/],
    [await provider.sign({ iss: "https://evil.example" }), /another issuer/],
    [await other.sign({}), /another issuer/],
    [await other.sign({ iss: provider.issuer }), /a key that the provider doesn't name/],
    [await provider.sign({ aud: "another" }), /for another application/],
    [await provider.sign({ nbf: now + 3_600 }), /not good yet/],
    [new UnsecuredJWT(decodeJwt(good)).encode(), /is not signed/],
    [`${good.slice(0, -8)}AAAAAAAA`, /signature is not the provider's/],
  ];
  for (const [token, why] of refusals) {
    const { status, text, challenge } = await ask(token);
    expect([status, text.trim()]).toEqual([401, expect.stringMatching(why)]);
    expect(challenge).toMatch(/^Bearer error="invalid_token", error_description="[^"]+"$/);
  }
  expect((await ask(good)).status).toBe(200);
});

test("a key that the provider signs with from now on is found", async () => {
  const { provider, ask } = await open();
  await provider.keys.generate("ES256", { kid: "later" });
  expect((await ask(await provider.sign({}, "later"))).status).toBe(200);
});

test("what was ended is not begun again by renewing it, only by signing in", async () => {
  const { provider, server, ask } = await open();
  const now = Math.floor(Date.now() / 1_000);
  const ofBefore = () => provider.sign({ auth_time: now - 60, iat: now + 10 });
  expect((await ask(await ofBefore())).status).toBe(200);
  endSessionsOf(join(server.dataDir, "sign-in", "people.json"), `${provider.issuer}|00u1`, now * 1_000);
  await vi.waitFor(async () => {
    const { status, text } = await ask(await ofBefore());
    expect([status, text]).toEqual([401, expect.stringContaining("was ended here")]);
  }, patience);
  expect((await ask(await provider.sign({ auth_time: now + 5, iat: now + 10 }))).status).toBe(200);
  // Where the provider says nothing of the sign-in, all there is is the token's own time.
  expect((await ask(await provider.sign({ iat: now + 10 }))).status).toBe(200);
});

test("while the provider is away its tokens can't be checked, which is said as such", async () => {
  const { provider, server, ask } = await open();
  const token = await provider.sign({});
  await provider.stop();
  const { status, text } = await ask(token);
  expect([status, text]).toEqual([503, expect.stringContaining("The provider's keys can't be had just now")]);
  await vi.waitFor(() => expect(server.output()).toContain("the provider's keys can't be had"), patience);
});

test("a server that is told nothing of the provider's tokens takes none, nor does anybody sign in by the command line", async () => {
  const { provider, url, ask } = await open({});
  const { status, text } = await ask(await provider.sign({}));
  expect([status, text]).toEqual([401, expect.stringContaining("provider.bearer")]);
  const device = await fetch(`${url}/signin/device`);
  expect([device.status, await device.text()]).toEqual([404, expect.stringContaining("provider.login")]);
});

test("who follows what happens is followed no longer than the token is good for", async () => {
  await using engineering = await openEngineering();
  const bearer = { audiences: ["downbeat-api"], skew: "1s" };
  const { provider, url, ask } = await open({ bearer }, engineering.url);
  const follow = async (lastsSeconds: number) => {
    const exp = Math.floor(Date.now() / 1_000) + lastsSeconds;
    const token = await provider.sign({ exp });
    const headers = { authorization: `Bearer ${token}` };
    const { status, body } = await fetch(`${url}/trpc/public/default/live.changes`, { headers });
    expect(status).toBe(200);
    const state = { isOver: false };
    const over = (body ?? expect.fail("There is nothing to follow."))
      .pipeTo(new WritableStream())
      .catch(() => {})
      .finally(() => {
        state.isOver = true;
      });
    return { token, endsAt: exp * 1_000 + 1_000, state, over };
  };
  // Until the server has found the log.
  const lasting = await vi.waitFor(() => follow(3_600), patience);
  const { token, endsAt, over } = await vi.waitFor(() => follow(6), patience);
  await over;
  expect(Date.now()).toBeGreaterThanOrEqual(endsAt);
  const { status, text } = await ask(token);
  expect([status, text]).toEqual([401, expect.stringContaining("This token was good until")]);
  expect(lasting.state.isOver).toBe(false);
});
