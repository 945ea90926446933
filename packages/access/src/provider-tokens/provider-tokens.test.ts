import fc from "fast-check";
import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from "jose";
import { expect, test } from "vitest";
import { parseAccess } from "../configuration.ts";
import { KeysAway } from "./provider-keys.ts";
import { isJwt, ProviderTokens } from "./provider-tokens.ts";

const issuer = "https://login.example.com";
const now = Date.UTC(2026, 10, 28);
const seconds = now / 1_000;

const access = (bearer: object | undefined = { audiences: ["downbeat"] }) =>
  parseAccess(
    JSON.stringify({
      address: "https://downbeat.example.com",
      provider: { issuer, clientId: "web", groups: "realm_access.roles", bearer },
      roles: [{ role: "operator", who: { group: "ops" } }],
    }),
  );

type Key = Awaited<ReturnType<typeof generateKeyPair>>["privateKey"];

const pairs = await Promise.all(["RS256", "ES256", "RS256"].map((alg) => generateKeyPair(alg)));
const [rsa, ec, other] = pairs;

async function stage(bearer?: object) {
  if (rsa === undefined || ec === undefined || other === undefined) throw new Error("There are three.");
  const keys = [
    { ...(await exportJWK(rsa.publicKey)), kid: "r", use: "sig" },
    { ...(await exportJWK(ec.publicKey)), kid: "e", alg: "ES256" },
    { ...(await exportJWK((await generateKeyPair("RS256")).publicKey)), kid: "q" },
  ];
  const tokens = new ProviderTokens({
    access: access(bearer),
    findKey: createLocalJWKSet({ keys }),
    wallClock: () => now,
  });
  return { tokens, rsa: rsa.privateKey, ec: ec.privateKey, other: other.privateKey };
}

const payload = (more: object = {}) => ({
  iss: issuer,
  sub: "00u1",
  aud: "downbeat",
  exp: seconds + 60,
  iat: seconds,
  preferred_username: "ada",
  realm_access: { roles: ["ops", "other"] },
  ...more,
});

const sign = (key: Key, more: object = {}, header: object = {}): Promise<string> =>
  new SignJWT(payload(more)).setProtectedHeader({ alg: "RS256", kid: "r", ...header }).sign(key);

test("a token that the provider signed for this Downbeat says who asks, with their groups, and until when", async () => {
  const { tokens, rsa, ec } = await stage();
  expect(await tokens.check(await sign(rsa))).toEqual({
    type: "good",
    identity: { issuer, subject: "00u1", name: "ada", groups: ["ops"], claims: {} },
    endsAt: now + 60_000 + 30_000,
    begunAt: now,
    isPersons: false,
  });
  expect(await tokens.check(await sign(ec, {}, { alg: "ES256", kid: "e", typ: "at+jwt" }))).toMatchObject({
    type: "good",
  });
  // Of several keys that it may be, where it names none.
  const unnamed = await new SignJWT(payload({ aud: ["other", "downbeat"], iss: `${issuer}/` }))
    .setProtectedHeader({ alg: "RS256" })
    .sign(rsa);
  expect(await tokens.check(unnamed)).toMatchObject({ type: "good", identity: { issuer } });
  const service = await sign(rsa, { sub: "svc-1", preferred_username: 7, client_id: "billing" });
  expect(await tokens.check(service)).toMatchObject({ identity: { subject: "svc-1", name: "billing" } });
});

test("clocks may be apart as far as is said, and no further", async () => {
  const { tokens, rsa } = await stage({ audiences: ["downbeat"], skew: "10s" });
  expect(await tokens.check(await sign(rsa, { exp: seconds - 9, nbf: seconds + 10 }))).toMatchObject({
    type: "good",
    endsAt: now + 1_000,
  });
  expect(await tokens.check(await sign(rsa, { exp: seconds - 10 }))).toMatchObject({ type: "refused" });
  expect(await tokens.check(await sign(rsa, { nbf: seconds + 11 }))).toMatchObject({ type: "refused" });
});

test("each refusal says which it is", async () => {
  const { tokens, rsa, other, ec } = await stage();
  const [head = "", , signature = ""] = (await sign(rsa)).split(".");
  const forged = Buffer.from(JSON.stringify(payload({ sub: "root" }))).toString("base64url");
  const whys: [Promise<string> | string, RegExp][] = [
    [sign(rsa, { exp: seconds - 3_600 }), /^This token was good until 2026-11-27T23:00:00.000Z\./],
    [sign(rsa, { iss: "https://evil.example" }), /of another issuer/],
    [sign(rsa, { iss: undefined }), /of another issuer/],
    [sign(rsa, { aud: "web" }), /for another application/],
    [sign(rsa, { aud: [] }), /for another application/],
    [sign(rsa, { aud: undefined }), /lacks what it takes \(aud\)/],
    [sign(rsa, { exp: undefined }), /lacks what it takes \(exp\)/],
    [sign(rsa, { sub: undefined }), /lacks what it takes \(sub\)/],
    [sign(rsa, { sub: "" }), /doesn't say whose it is/],
    [sign(rsa, { nbf: seconds + 3_600 }), /not good yet/],
    [sign(rsa, { cnf: { jkt: "x" } }), /bound to a key/],
    [sign(rsa, {}, { typ: "logout+jwt" }), /not one to ask with \(typ\)/],
    [new UnsecuredJWT(payload()).encode(), /is not signed/],
    [`${head}.${forged}.`, /is not signed/],
    [`${head}.${forged}.${signature}`, /signature is not the provider's/],
    [sign(other), /signature is not the provider's/],
    [
      new SignJWT(payload()).setProtectedHeader({ alg: "RS256" }).sign(other),
      /signature is not the provider's/,
    ],
    [sign(other, {}, { kid: "unknown" }), /key that the provider doesn't name/],
    [sign(ec, {}, { alg: "ES256", kid: "r" }), /key that the provider doesn't name/],
    [
      new SignJWT(payload()).setProtectedHeader({ alg: "HS256", kid: "r" }).sign(new Uint8Array(32)),
      /in a way that is not taken here/,
    ],
    ["a.b.c", /can't be read/],
  ];
  for (const [token, why] of whys)
    expect(await tokens.check(await token)).toEqual({ type: "refused", why: expect.stringMatching(why) });
});

test("only ways of signing that are configured are taken, and none at all where nothing is said of tokens", async () => {
  const { tokens, rsa, ec } = await stage({ audiences: ["downbeat"], algorithms: ["ES256"] });
  expect(await tokens.check(await sign(rsa))).toMatchObject({ type: "refused" });
  expect(await tokens.check(await sign(ec, {}, { alg: "ES256", kid: "e" }))).toMatchObject({ type: "good" });
  const without = new ProviderTokens({
    access: { ...access(), provider: { ...providerOf(), bearer: undefined } },
    findKey: () => Promise.reject(new Error("Nobody is to be asked.")),
    wallClock: () => now,
  });
  expect(await without.check(await sign(rsa))).toMatchObject({
    type: "refused",
    why: expect.stringContaining("provider.bearer"),
  });
});

function providerOf() {
  const { provider } = access();
  if (provider === undefined) throw new Error("There is one.");
  return provider;
}

test("where the keys can't be had nobody is let in, and nobody is called a stranger", async () => {
  const { rsa } = await stage();
  const tokens = new ProviderTokens({
    access: access(),
    findKey: () => Promise.reject(new KeysAway("away", { cause: new Error("refused") })),
    wallClock: () => now,
  });
  expect(await tokens.check(await sign(rsa))).toMatchObject({
    type: "unknown",
    why: expect.stringContaining("can't be had just now"),
  });
});

test("nothing that anybody writes is a token, or throws", async () => {
  const { tokens, rsa } = await stage();
  const good = await sign(rsa);
  const [head = "", body = "", signature = ""] = good.split(".");
  const part = fc.oneof(
    fc.constantFrom(head, body, signature, ""),
    fc.string({ unit: fc.constantFrom(..."abcXYZ019-_") }),
    fc.json().map((text) => Buffer.from(text).toString("base64url")),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.string(),
        fc.tuple(part, part, part).map((all) => all.join(".")),
      ),
      async (text) => {
        if (text === good) return;
        expect(await tokens.check(text)).toMatchObject({ type: "refused" });
      },
    ),
  );
  // Numbers of time at their limits, of whoever may sign.
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        exp: fc.oneof(fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true })),
        iat: fc.oneof(fc.maxSafeInteger(), fc.string(), fc.constant(null)),
      }),
      async (claims) => {
        const token = await sign(rsa, claims).catch(() => undefined);
        if (token !== undefined) expect(["good", "refused"]).toContain((await tokens.check(token)).type);
      },
    ),
    { numRuns: 50 },
  );
});

test("a token is a person's where somebody signed in for it at the command line", async () => {
  if (rsa === undefined) throw new Error("There is one.");
  const key = { ...(await exportJWK(rsa.publicKey)), kid: "r" };
  const { provider, ...rest } = access();
  if (provider?.bearer === undefined) throw new Error("There is one.");
  const login = { clientId: "cli", scope: "openid", sends: "accessToken" } as const;
  const bearer = { ...provider.bearer, audiences: ["downbeat", "cli"] };
  const tokens = new ProviderTokens({
    access: { ...rest, provider: { ...provider, bearer, login } },
    findKey: createLocalJWKSet({ keys: [key] }),
    wallClock: () => now,
  });
  const isPersons = async (more: object) => tokens.check(await sign(rsa.privateKey, more));
  for (const more of [{ azp: "cli" }, { client_id: "cli" }, { aud: "cli" }])
    expect(await isPersons(more)).toMatchObject({ isPersons: true });
  for (const more of [{}, { azp: "billing" }, { azp: "cli", client_id: "billing" }, { aud: "cli", azp: "x" }])
    expect(await isPersons(more)).toMatchObject({ isPersons: false });
});

test("a token that renews a sign-in is as old as that sign-in, where it says so", async () => {
  const { tokens, rsa } = await stage();
  const begunAt = async (more: object) => tokens.check(await sign(rsa, more));
  for (const [more, at] of [
    [{ auth_time: seconds - 3_600 }, now - 3_600_000],
    [{ auth_time: seconds - 3_600, iat: undefined }, now - 3_600_000],
    [{ auth_time: seconds + 3_600 }, now],
    [{ auth_time: 0 }, 0],
    [{ auth_time: "yesterday" }, now],
    [{ auth_time: null }, now],
    [{ iat: undefined }, undefined],
  ] as const)
    expect([more, await begunAt(more)]).toEqual([more, expect.objectContaining({ begunAt: at })]);
});

test("a token of our own is none of theirs", () => {
  expect(isJwt("downbeat_0123456789ab_x.y")).toBe(false);
  expect(isJwt("a.b.c")).toBe(true);
});
