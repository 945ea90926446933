import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TokenSource } from "../src/access-token.ts";
import { signIn } from "../src/sign-in.ts";
import { Issuer } from "./issuer.ts";
import { webToken } from "./web-token.ts";

let issuer: Issuer;
let folder: string;
let now: number;
beforeEach(async () => {
  issuer = await Issuer.start();
  folder = mkdtempSync(join(tmpdir(), "downbeat-oauth-"));
  now = 1_000_000;
});
afterEach(async () => {
  await issuer.stop();
  rmSync(folder, { recursive: true });
});

const secret = "between us";
const source = (options = {}) =>
  new TokenSource({ issuer: issuer.url, clientId: "engine", clientSecret: secret, ...options }, () => now);

describe("an OAuth client", () => {
  test("gets a token by its id and secret, for the audience and scope that are asked for", async () => {
    issuer.gives("first", 3_600);
    const { token, expiresAt } = await source({ audience: "urn:pulsar", scope: "a b" }).current();
    expect({ token, expiresAt }).toEqual({ token: "first", expiresAt: now + 3_600_000 });
    expect(issuer.asked).toEqual([
      {
        authorization: `Basic ${Buffer.from("engine:between+us").toString("base64")}`,
        grant_type: "client_credentials",
        audience: "urn:pulsar",
        scope: "a b",
      },
    ]);
  });

  test("shows id and secret in the body to an issuer that takes them only there", async () => {
    issuer.description = {
      status: 200,
      body: {
        issuer: issuer.url,
        token_endpoint: `${issuer.url}/token`,
        token_endpoint_auth_methods_supported: ["client_secret_post"],
      },
    };
    issuer.gives("first", 3_600);
    await source().current();
    expect(issuer.asked).toMatchObject([{ client_id: "engine", client_secret: secret, authorization: "" }]);
  });

  test("takes both from a key file as Pulsar's own clients have it, read again for each token", async () => {
    const keyFile = join(folder, "key.json");
    const write = (content: object) => writeFileSync(keyFile, JSON.stringify(content));
    write({ type: "client_credentials", client_id: "a", client_secret: "b", issuer_url: issuer.url });
    issuer.gives("first", 100);
    const tokens = new TokenSource({ keyFile }, () => now);
    expect((await tokens.current()).token).toBe("first");
    write({ client_id: "a", client_secret: "c", issuer_url: issuer.url });
    now += 80_000;
    await tokens.current();
    const proofs = issuer.asked.map(({ authorization }) => authorization);
    expect(proofs).toEqual(["a:b", "a:c"].map((one) => `Basic ${Buffer.from(one).toString("base64")}`));
  });

  test("asks once for all sessions, and again before the token ends", async () => {
    issuer.gives("first", 100);
    const tokens = source();
    const both = await Promise.all([tokens.current(), tokens.current()]);
    expect(both.map(({ token }) => token)).toEqual(["first", "first"]);
    now += 69_000;
    await tokens.current();
    expect(issuer.asked).toHaveLength(1);
    issuer.gives("second", 100);
    now += 2_000;
    expect((await tokens.current()).token).toBe("second");
    expect(issuer.asked).toHaveLength(2);
  });

  test("goes by what the token says of its end where the issuer says nothing", async () => {
    issuer.gives(webToken({ exp: 2_000 }));
    expect((await source().current()).expiresAt).toBe(2_000_000);
  });

  test("keeps a token that still holds while the issuer gives none, and says why once it doesn't", async () => {
    issuer.gives("first", 100);
    const tokens = source();
    await tokens.current();
    issuer.answer = () => ({ status: 503, body: "<html>busy</html>" });
    now += 80_000;
    expect((await tokens.current()).token).toBe("first");
    now += 21_000;
    await expect(tokens.current()).rejects.toMatchObject({
      code: "unauthorized",
      message: `The issuer of tokens at ${issuer.url}/ gives the client "engine" no token (status 503).`,
    });
  });

  test("leaves an issuer that refuses alone for a while, and asks again after it", async () => {
    issuer.answer = () => ({ status: 401, body: { error: "invalid_client" } });
    const tokens = source();
    await expect(tokens.current()).rejects.toThrow();
    await expect(tokens.current()).rejects.toThrow();
    expect(issuer.asked).toHaveLength(1);
    now += 600;
    issuer.gives("late", 100);
    expect((await tokens.current()).token).toBe("late");
  });

  test("and its sessions and requests carry the token, and end before it does", async () => {
    issuer.gives("shown", 3_600);
    const shown = await signIn({ oauth: { issuer: issuer.url, clientId: "x", clientSecret: "y" } });
    expect(shown.headers).toEqual({ authorization: "Bearer shown" });
    expect(shown.expiresAt).toBeGreaterThan(Date.now() + 3_500_000);
  });
});

describe("an OAuth client that gets no token says in a sentence why, and never shows the secret:", () => {
  const says = async (message: string | RegExp, options = {}) => {
    const error = await source(options)
      .current()
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: "unauthorized",
      message: typeof message === "string" ? message : expect.stringMatching(message),
    });
    expect(String((error as Error).stack)).not.toContain(secret);
  };

  test("the secret is wrong", async () => {
    issuer.answer = () => ({
      status: 401,
      body: { error: "invalid_client", error_description: "Bad secret" },
    });
    await says(
      `The issuer of tokens at ${issuer.url}/ gives the client "engine" no token (invalid_client: Bad secret): are id and secret right?`,
    );
  });

  test("the scope is unknown", async () => {
    issuer.answer = () => ({ status: 400, body: { error: "invalid_scope" } });
    await says(/no token \(invalid_scope\): are audience and scope right\?$/);
  });

  test("the answer holds none", async () => {
    issuer.answer = () => ({ status: 200, body: { hello: "world" } });
    await says(`The issuer of tokens at ${issuer.url}/ answered with no token that can be used.`);
    issuer.answer = () => ({ status: 200, body: "<html>" });
    await says(/answered with no token that can be used/);
  });

  test("nobody is there", async () => {
    await says(/^The issuer of tokens at http:\/\/127\.0\.0\.1:9\/ can't be reached \(.*\)\.$/, {
      issuer: "http://127.0.0.1:9",
    });
  });

  test("somebody else is there", async () => {
    issuer.description = { status: 404, body: "<h1>nothing</h1>" };
    await says(/does not describe itself as one \(status 404 for .*openid-configuration\)/);
    issuer.description = { status: 200, body: { issuer: "https://other.example", token_endpoint: "x" } };
    await says(/does not describe itself as one/);
    issuer.description = { status: 200, body: { issuer: issuer.url } };
    await says(/names no place that gives tokens/);
  });

  test("the key file can't be read, holds something else, or no issuer", async () => {
    const keyFile = join(folder, "key.json");
    const nothing = { issuer: undefined, clientId: undefined, clientSecret: undefined, keyFile };
    await says(/key\.json can't be read \(ENOENT\)/, nothing);
    writeFileSync(keyFile, `"${secret}"`);
    await says(/key\.json is no JSON with client_id and client_secret\.$/, nothing);
    writeFileSync(keyFile, JSON.stringify({ client_id: "a", client_secret: secret }));
    await says(/said neither by DOWNBEAT_PULSAR_OAUTH_ISSUER nor in the key file .*key\.json/, nothing);
  });
});
