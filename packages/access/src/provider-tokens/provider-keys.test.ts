import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JSONWebKeySet, jwtVerify, SignJWT } from "jose";
import { expect, onTestFinished, test, vi } from "vitest";
import { KeysAway, ProviderKeys } from "./provider-keys.ts";

const pair = await generateKeyPair("ES256");
const jwk = await exportJWK(pair.publicKey);
const token = (kid: string) =>
  new SignJWT({ sub: "x" }).setProtectedHeader({ alg: "ES256", kid }).sign(pair.privateKey);

async function stage(askAgainMs: number) {
  const world = { keys: [{ ...jwk, kid: "first" }], asked: 0, status: 200, now: 0, failures: [] as string[] };
  const server = createServer((_, response) => {
    world.asked += 1;
    response.writeHead(world.status, { "content-type": "application/json" });
    response.end(JSON.stringify({ keys: world.keys } satisfies JSONWebKeySet));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
  const keys = new ProviderKeys({
    address: () => Promise.resolve(address),
    now: () => world.now,
    askAgainMs,
    onFailure: (cause) => world.failures.push(String(cause)),
  });
  const check = async (kid: string) => (await jwtVerify(await token(kid), keys.find)).payload.sub;
  return { world, check };
}

test("keys are asked for once, and again when a token names one that came later", async () => {
  const { world, check } = await stage(0);
  expect(await check("first")).toBe("x");
  expect(await check("first")).toBe("x");
  expect(world.asked).toBe(1);
  world.keys = [{ ...jwk, kid: "second" }];
  expect(await check("second")).toBe("x");
  await expect(check("first")).rejects.toMatchObject({ code: "ERR_JWKS_NO_MATCHING_KEY" });
});

test("who names keys that there are not makes nobody ask the provider more than now and then", async () => {
  const { world, check } = await stage(3_600_000);
  expect(await check("first")).toBe("x");
  for (let strangers = 0; strangers < 20; strangers++)
    await expect(check(`made up ${strangers}`)).rejects.toMatchObject({ code: "ERR_JWKS_NO_MATCHING_KEY" });
  expect(world.asked).toBe(1);
});

test("a provider that is away is not asked by everybody who comes, and is found when it is back", async () => {
  const { world, check } = await stage(0);
  world.status = 500;
  for (let tries = 0; tries < 10; tries++) await expect(check("first")).rejects.toBeInstanceOf(KeysAway);
  expect(world.asked).toBe(1);
  expect(world.failures).toEqual([expect.stringContaining("Expected 200 OK")]);
  world.status = 200;
  world.now = 5_000;
  expect(await check("first")).toBe("x");
});

test("a stranger's token that has the provider asked in vain keeps nobody out whose key is known", async () => {
  const { world, check } = await stage(0);
  expect(await check("first")).toBe("x");
  world.status = 500;
  const [stranger, other] = await Promise.allSettled([check("made up"), check("another")]);
  for (const each of [stranger, other])
    expect(each).toMatchObject({ status: "rejected", reason: expect.any(KeysAway) });
  expect(await check("first")).toBe("x");
  await expect(check("made up")).rejects.toBeInstanceOf(KeysAway);
  // Told once, whoever waited for the same answer, and again when the provider is asked again.
  expect(world.failures).toHaveLength(1);
  world.now = 5_000;
  await expect(check("made up")).rejects.toBeInstanceOf(KeysAway);
  expect(await check("first")).toBe("x");
  expect(world.failures).toHaveLength(2);
});

test("keys that were known count no longer than they would with the provider there", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  onTestFinished(() => void vi.useRealTimers());
  const { world, check } = await stage(0);
  expect(await check("first")).toBe("x");
  world.status = 500;
  await expect(check("made up")).rejects.toBeInstanceOf(KeysAway);
  vi.setSystemTime(Date.now() + 9 * 60_000);
  expect(await check("first")).toBe("x");
  vi.setSystemTime(Date.now() + 2 * 60_000);
  await expect(check("first")).rejects.toBeInstanceOf(KeysAway);
});

test("keys that anybody on the way could change are not asked for", async () => {
  const keys = new ProviderKeys({
    address: () => Promise.resolve("http://login.example.com/keys"),
    now: () => 0,
  });
  await expect(jwtVerify(await token("first"), keys.find)).rejects.toMatchObject({
    name: "KeysAway",
    cause: { message: "The provider tells its keys over http: http://login.example.com/keys." },
  });
});
